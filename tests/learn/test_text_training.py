"""The text recipe on nets and texts of a few words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")

from mien.errors import AssetError  # noqa: E402
from mien.learn.text import decide, make, train  # noqa: E402
from mien.learn.text.batches import Rows, collate, endless, plan  # noqa: E402
from mien.learn.text.graph import quantise, write_categories, write_dimensions, write_trunk, write_upper  # noqa: E402
from mien.learn.text.losses import binary  # noqa: E402
from mien.learn.text.net import EncoderShape, SharedDropout, TextNet  # noqa: E402
from mien.learn.text.reload import reload_trunk  # noqa: E402
from mien.learn.text.train import TrainOptions, dimension_loss, fit  # noqa: E402
from mien.learn.text.upper import UpperBlocks, lower_states  # noqa: E402

torch.set_num_threads(1)  # threads that wait for one another cost more than such small nets

TINY = EncoderShape(vocabulary=40, positions=16, width=16, layers=2, heads=2, inner=32)
OPTIONS = TrainOptions(
    epochs=10, batch=4, dimension_batch=4, dropout=0.0, rate=5e-3, head_rate=5e-3, half=False, checkpoint_every=10
)


def tiny_net(dropout: float = 0.0) -> TextNet:
    torch.manual_seed(0)
    return TextNet(TINY, labels=3, dropout=dropout).eval()


def tiny_rows(columns: int, count: int = 8) -> Rows:
    rng = np.random.default_rng(columns)
    ids = tuple(tuple(int(token) for token in rng.integers(1, 40, 3 + row % 4)) for row in range(count))
    return Rows(ids, rng.integers(0, 2, (count, columns)).astype(np.float32))


def test_padding_and_batch_do_not_change_a_sentence() -> None:
    net, rows = tiny_net(), tiny_rows(3)
    ids, mask, _ = collate(rows, np.arange(8))
    with torch.no_grad():
        together = net.trunk(ids, mask)
        for row, tokens in enumerate(rows.ids):
            alone = net.trunk(torch.tensor([tokens]), torch.ones(1, len(tokens), dtype=torch.int64))
            assert torch.allclose(together[row], alone[0], atol=1e-5)


def test_shared_dropout_drops_the_same_features_of_every_token() -> None:
    drop = SharedDropout(0.5)
    states = drop(torch.ones(2, 5, 64))
    assert torch.equal(states, states[:, :1].expand_as(states))
    assert set(states.unique().tolist()) == {0.0, 2.0}
    assert torch.equal(drop.eval()(states), states)


def test_batches_hold_every_row_once_and_are_alike_in_length() -> None:
    rows = tiny_rows(3, count=50)
    batches = plan(rows, 8, np.random.default_rng(0))
    assert sorted(np.concatenate(batches).tolist()) == list(range(50))
    assert all(np.ptp([len(rows.ids[index]) for index in batch]) <= 1 for batch in batches)
    one, other = endless(rows, 8, seed=3), endless(rows, 8, seed=3)
    assert all(np.array_equal(next(one), next(other)) for _ in range(20))


def test_losses() -> None:
    assert binary(torch.zeros(4, 28), torch.zeros(4, 28)).item() == pytest.approx(28 * np.log(2), rel=1e-5)
    mean, log_std = torch.zeros(1, 1, requires_grad=True), torch.zeros(1, 1, requires_grad=True)
    dimension_loss(mean, log_std, torch.full((1, 1), 2.0)).backward()
    assert mean.grad.item() == pytest.approx(-2)  # the squared error alone moves the mean
    assert log_std.grad.item() == pytest.approx(1 - 4)  # the likelihood widens the spread


def test_a_few_samples_are_learnt_by_heart(tmp_path: Path) -> None:
    labelled, rated = tiny_rows(3), tiny_rows(3)
    net, averaged = fit(tiny_net(), labelled, rated, replace(OPTIONS, epochs=40), out=tmp_path, seed=0)
    ids, mask, truth = collate(labelled, np.arange(8))
    with torch.no_grad():
        assert binary(net.categories(net.trunk(ids, mask)), truth).item() < 0.5
        assert torch.isfinite(averaged.trunk(ids, mask)).all()


def test_an_interrupted_training_goes_on_to_the_same_end(tmp_path: Path) -> None:
    labelled, rated = tiny_rows(3), tiny_rows(3)
    whole, _ = fit(tiny_net(), labelled, rated, OPTIONS, out=tmp_path, seed=0)
    (tmp_path / "again").mkdir()
    stop_after_the_first_checkpoint(tmp_path / "again", labelled, rated)
    resumed, _ = fit(tiny_net(), labelled, rated, OPTIONS, out=tmp_path / "again", seed=0)
    for one, other in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-6)


def stop_after_the_first_checkpoint(out: Path, labelled: Rows, rated: Rows) -> None:
    save = train.State.save

    def save_and_stop(state: train.State, path: Path) -> None:
        save(state, path)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train.State, "save", save_and_stop)
        with pytest.raises(KeyboardInterrupt):
            fit(tiny_net(), labelled, rated, OPTIONS, out=out, seed=0)


def test_int8_keeps_each_weight_within_half_a_step() -> None:
    weight = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
    values, scale = quantise(weight, axis=1)
    assert values.dtype == np.int8
    assert np.abs(values * scale - weight).max() <= scale.max() / 2 + 1e-7
    assert quantise(np.zeros((2, 2), np.float32), axis=0)[0].tolist() == [[0, 0], [0, 0]]


def test_graphs_answer_like_the_net_and_alike_in_any_batch(tmp_path: Path) -> None:
    net, rows = tiny_net(), tiny_rows(3)
    with torch.no_grad():  # spread the weights, so that a wrong node would show
        for parameter in net.parameters():
            parameter.mul_(1.5)
    write_trunk(net.trunk, tmp_path / "trunk.onnx", positions=16)
    write_categories(net.categories, tmp_path / "labels.onnx")
    write_dimensions(net.dimensions, tmp_path / "vad.onnx", centre=np.full(3, 0.1), spread=np.full(3, 0.2))
    run = {path.stem: onnxruntime.InferenceSession(str(path)) for path in tmp_path.glob("*.onnx")}
    ids, mask, _ = collate(rows, np.arange(8))
    sentence = run["trunk"].run(["sentence"], {"ids": ids.numpy(), "mask": mask.numpy()})[0]
    with torch.no_grad():
        expected = net.trunk(ids, mask)
        mean, log_std = net.dimensions(torch.from_numpy(sentence))
    assert np.abs(sentence - expected.numpy()).max() < 0.1
    for row, tokens in enumerate(rows.ids):
        feeds = {"ids": np.array([tokens]), "mask": np.ones((1, len(tokens)), np.int64)}
        assert np.abs(run["trunk"].run(None, feeds)[0][0] - sentence[row]).max() < 1e-5
    (logits,) = run["labels"].run(None, {"sentence": sentence})
    assert np.allclose(logits, net.categories(torch.from_numpy(sentence)).detach().numpy(), atol=1e-5)
    means, stds = run["vad"].run(None, {"sentence": sentence})
    assert np.allclose(means, mean.numpy() * 0.2 + 0.1, atol=1e-5)
    assert np.allclose(stds, np.exp(log_std.numpy()) * 0.2, atol=1e-5)


def test_upper_blocks_go_on_where_the_trunk_has_come_to(tmp_path: Path) -> None:
    torch.manual_seed(0)
    encoder = TextNet(EncoderShape(vocabulary=40, positions=16, width=64, layers=3, heads=2, inner=96), 3, 0.0).trunk
    rows = tiny_rows(3)
    upper = UpperBlocks(encoder, 2).eval()
    assert upper.below == 1
    states = lower_states(encoder, rows, upper.below)
    write_trunk(encoder, tmp_path / "trunk.onnx", positions=16)
    write_upper(upper.blocks, tmp_path / "upper.onnx")
    run = {path.stem: onnxruntime.InferenceSession(str(path)) for path in tmp_path.glob("*.onnx")}
    (ids, mask, _), (inputs, _, _) = collate(rows, np.arange(8)), collate(states, np.arange(8))
    with torch.no_grad():
        expected = encoder.eval()(ids, mask)
        assert torch.allclose(upper(inputs, mask), expected, atol=1e-2)  # states are kept as float16
    feeds = {"ids": ids.numpy(), "mask": mask.numpy()}
    sentence, inner = run["trunk"].run(["sentence", "states1"], feeds)
    (again,) = run["upper"].run(None, {"states": inner, "mask": mask.numpy()})
    np.testing.assert_allclose(again, sentence, atol=1e-5)


def test_means_of_lower_states_stand_beside_what_upper_blocks_make(tmp_path: Path) -> None:
    torch.manual_seed(0)
    encoder = TextNet(EncoderShape(vocabulary=40, positions=16, width=64, layers=3, heads=2, inner=96), 3, 0.0).trunk
    upper = UpperBlocks(encoder, 1).eval()
    write_upper(upper.blocks, tmp_path / "upper.onnx", pooled=(0, 2))
    ids, mask, _ = collate(tiny_rows(3), np.arange(8))
    with torch.no_grad():
        states = [encoder.eval().climb(encoder.embed(ids), mask, last=last) for last in range(4)]
        expected = torch.cat([encoder.pool(states[number], mask) for number in (0, 2, 3)], dim=1)
    feeds = {"states": states[2], "states0": states[0], "states2": states[2], "mask": mask}
    session = onnxruntime.InferenceSession(str(tmp_path / "upper.onnx"))
    (found,) = session.run(None, {name: value.numpy() for name, value in feeds.items()})
    np.testing.assert_allclose(found, expected.numpy(), atol=2e-2)  # the block's weights are int8


def test_thresholds_part_what_can_be_parted() -> None:
    rng = np.random.default_rng(0)
    truth = rng.random((400, 2)) < 0.2
    probs = np.where(truth, 0.3, 0.1) + rng.random((400, 2)) * 0.1
    thresholds = decide.label_thresholds(truth.astype(float), probs)
    assert np.all((thresholds > 0.19) & (thresholds <= 0.31))
    assert np.array_equal(probs >= thresholds, truth)


def test_logistic_finds_the_line_that_made_the_answers() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=20_000)
    right = rng.random(20_000) < 1 / (1 + np.exp(-(0.7 * scores - 0.4)))
    assert decide.logistic(scores, right.astype(float)) == pytest.approx((0.7, -0.4), abs=0.06)


def test_spread_scale_makes_the_spread_honest() -> None:
    rng = np.random.default_rng(0)
    means, stds = np.zeros((5000, 3)), np.full((5000, 3), 0.1)
    truth = rng.normal(size=(5000, 3)) * 0.2
    scale = decide.spread_scale(truth, means, stds)
    assert scale == pytest.approx([2, 2, 2], abs=0.1)
    assert decide.coverage_error(truth, means, stds * scale) < 0.02 < decide.coverage_error(truth, means, stds)


def test_a_trunk_is_read_back_from_its_graph(tmp_path: Path) -> None:
    shape = EncoderShape(vocabulary=40, positions=16, width=64, layers=2, heads=2, inner=96)
    torch.manual_seed(0)
    net = TextNet(shape, labels=3, dropout=0.0).eval()
    write_trunk(net.trunk, tmp_path / "trunk.onnx", positions=16)
    again = reload_trunk(tmp_path / "trunk.onnx", dropout=0.0).eval()
    ids, mask = torch.tensor([[1, 5, 9, 2], [1, 7, 2, 0]]), torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    with torch.no_grad():
        before, after = net.trunk(ids, mask), again(ids, mask)
    assert float((before - after).abs().max()) < 0.05  # the weights were rounded once
    write_trunk(again, tmp_path / "again.onnx", positions=16)
    feeds = {"ids": ids.numpy(), "mask": mask.numpy()}
    first, second = (
        onnxruntime.InferenceSession(str(tmp_path / name)).run(None, feeds)[0] for name in ("trunk.onnx", "again.onnx")
    )
    np.testing.assert_allclose(first, second, atol=1e-5)  # and are not rounded further


def test_a_graph_that_is_no_trunk_is_refused(tmp_path: Path) -> None:
    write_categories(tiny_net().categories, tmp_path / "head.onnx")
    with pytest.raises(AssetError, match=r"head\.onnx holds no encoder that can be trained on"):
        reload_trunk(tmp_path / "head.onnx")


def test_candidates_are_each_member_and_the_means_of_all() -> None:
    shape = EncoderShape(vocabulary=40, positions=16, width=32, layers=1, heads=2, inner=48)
    members = [(TextNet(shape, 3, 0.0), TextNet(shape, 3, 0.0)) for _ in range(2)]
    found = make.candidates(members)
    assert list(found) == ["candidate-0", "candidate-1", "candidate-last", "candidate-mean"]
    assert found["candidate-1"] is members[1][0]
    for name, place in (("candidate-last", 0), ("candidate-mean", 1)):
        first, second = (member[place].categories.out.weight for member in members)
        assert torch.allclose(found[name].categories.out.weight, (first + second) / 2)
