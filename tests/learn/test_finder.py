from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra learn")
pytest.importorskip("onnx", reason="export needs the extra learn")

import onnxruntime  # noqa: E402
from PIL import Image  # noqa: E402

from mien.errors import OptionError  # noqa: E402
from mien.learn.card import table  # noqa: E402
from mien.learn.finder.evaluate import Seen, choose, measure  # noqa: E402
from mien.learn.finder.export import Shipped, export, fold  # noqa: E402
from mien.learn.finder.losses import Answers, Truth, assign, loss, overlap, read  # noqa: E402
from mien.learn.finder.mining import Miner  # noqa: E402
from mien.learn.finder.network import FinderNetwork  # noqa: E402
from mien.learn.finder.pictures import Frame, Picture, Studio, mirrored, paste, turn  # noqa: E402
from mien.learn.finder.publish import drawn_head  # noqa: E402
from mien.learn.finder.train import Plan, Trainer, collate  # noqa: E402
from mien.metrics.detection import Found, Marked  # noqa: E402

NAN = float("nan")


def tiny() -> FinderNetwork:
    torch.manual_seed(0)
    return FinderNetwork((4, 8, 8, 8, 8), (0, 1, 1, 1), 8)


def head(size: tuple[int, int] = (192, 160)) -> Picture:
    image = Image.fromarray(drawn_head()[0]).resize(size)
    points = np.array([[[80, 74], [112, 74], [96, 98], [80, 116], [112, 116]]], np.float32)
    return Picture(image, np.array([[58, 28, 134, 138]], np.float32), np.array([False]), points)


def wall() -> Picture:
    empty = np.zeros((0, 4), np.float32)
    return Picture(Image.new("RGB", (120, 90), (9, 99, 180)), empty, np.zeros(0, bool), np.zeros((0, 5, 2), np.float32))


def answers(boxes: list[list[float]], centres: list[list[float]], logit: float = 0.0) -> Answers:
    count = len(centres)
    return Answers(
        torch.full((1, count), logit), torch.tensor([boxes]), torch.zeros(1, count, 5, 2), torch.tensor(centres)
    )


def truth(boxes: list[list[float]], *, ignored: bool = False) -> Truth:
    counted = torch.full((1, len(boxes)), not ignored)
    return Truth(torch.tensor([boxes]), torch.full((1, len(boxes), 5, 2), NAN), counted, ~counted)


def test_overlap_of_apart_boxes_is_negative() -> None:
    plain, general = overlap(torch.tensor([0.0, 0, 10, 10]), torch.tensor([20.0, 0, 30, 10]))
    assert float(plain) == 0
    assert float(general) == pytest.approx(-1 / 3)


def test_cells_answer_for_the_face_they_lie_in() -> None:
    said = answers([[0, 0, 20, 20], [0, 0, 10, 20], [50, 50, 60, 60]], [[10, 10], [5, 10], [55, 55]])
    goal, face = assign(said, truth([[0.0, 0, 20, 20]]))
    assert goal[0].tolist() == pytest.approx([1, 0.5**4, 0], abs=1e-5)
    assert face[0, :2].tolist() == [0, 0]


def test_ignored_regions_give_no_loss() -> None:
    said = answers([[0, 0, 20, 20]], [[10, 10]], logit=3.0)
    assert float(loss(said, truth([[0.0, 0, 20, 20]], ignored=True))["score"]) == 0
    assert float(loss(said, truth([[40.0, 40, 60, 60]], ignored=True))["score"]) > 0


def test_unknown_points_give_no_loss_and_no_nan() -> None:
    parts = loss(answers([[0, 0, 20, 20]], [[10, 10]]), truth([[0.0, 0, 20, 20]]))
    assert float(parts["points"]) == 0
    assert all(torch.isfinite(part) for part in parts.values())


def test_read_starts_with_boxes_of_four_strides() -> None:
    grids = [torch.zeros(1, 15, 32 // stride, 32 // stride) for stride in (8, 16, 32)]
    said = read(grids)
    assert said.boxes.shape == (1, 21, 4)
    assert said.boxes[0, 0].tolist() == [-12, -12, 20, 20]
    assert said.boxes[0, -1].tolist() == [-48, -48, 80, 80]


def test_mirror_swaps_sides_and_is_its_own_inverse() -> None:
    once = mirrored(head())
    assert once.points[0, 0, 0] < once.points[0, 1, 0]
    twice = mirrored(once)
    assert twice.boxes == pytest.approx(head().boxes)
    assert twice.points == pytest.approx(head().points)


def test_paste_moves_box_and_points_with_the_picture() -> None:
    canvas = Image.new("RGB", (128, 128))
    laid = paste(canvas, head(), Frame((0, 0, 128, 128), (0.5, 0.5), (10.0, 20.0), mirror=False))
    assert laid.boxes[0] == pytest.approx([39, 34, 77, 89])
    assert laid.points[0, 0] == pytest.approx([50, 57])
    assert np.asarray(canvas)[:, :9].max() == 0


def test_a_face_mostly_outside_gives_no_loss() -> None:
    canvas = Image.new("RGB", (64, 64))
    laid = paste(canvas, head(), Frame((0, 0, 64, 64), (1.0, 1.0), (-20.0, -20.0), mirror=False))
    assert laid.ignore.tolist() == [True]


def test_turn_keeps_a_round_face_round() -> None:
    picture = head()
    square = Picture(picture.image, np.array([[66, 50, 126, 110]], np.float32), picture.ignore, picture.points)
    turned = turn(square, 90)
    assert turned.boxes[0, 2:] - turned.boxes[0, :2] == pytest.approx([60, 60], abs=0.1)


def test_samples_are_the_same_for_the_same_seed() -> None:
    studio = Studio([head(), wall()], largest=0.9, mosaic=0.5, empty=0.3)
    one, two = (studio.sample(np.random.default_rng(3), 64) for _ in range(2))
    assert np.array_equal(np.asarray(one.image), np.asarray(two.image))
    assert one.image.size == (64, 64)
    assert one.boxes.tolist() == two.boxes.tolist()


def test_collate_pads_faces() -> None:
    pixels, faces = collate([head(), wall()] if head().image.size == wall().image.size else [head(), head()])
    assert pixels.shape == (2, 3, 160, 192)
    assert faces.counted.tolist() == [[True], [True]]


def test_rate_rises_stays_and_falls_to_zero() -> None:
    plan = Plan(first=100, batch=1, size=32, rate=1.0, warm=10, decay=0.5, average=0.9, again=((50, 0.4),))
    assert [plan.rate_at(step) for step in (0, 30, 50)] == [0.1, 1, 1]
    assert plan.rate_at(75) == pytest.approx(0.5)
    assert plan.rate_at(99) == pytest.approx(0, abs=0.01)
    assert plan.rate_at(100) == 0.4
    assert plan.rate_at(125) == pytest.approx(0.2)
    assert plan.steps == 150
    assert plan.rate_at(150) == 0


def test_training_learns_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    studio = Studio([head(), wall()], largest=0.9, mosaic=0.2, empty=0.3)
    miner = Miner(start=4, every=4, share=0.5)
    plan = Plan(first=12, batch=4, size=64, rate=5e-3, warm=2, decay=0.5, average=0.5)
    trainer = Trainer(tiny(), plan, tmp_path, seed=0)
    trainer.fit(studio, miner, save_every=4)
    assert studio.weights.sum() == pytest.approx(1)
    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    assert len(lines) == 3
    again = Trainer(tiny(), plan, tmp_path, seed=0)
    assert again.step == 12


def test_exported_graph_agrees_with_the_network(tmp_path: Path) -> None:
    network = tiny().eval()
    export(network, tmp_path / "finder.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "finder.onnx"), providers=["CPUExecutionProvider"])
    pixels = np.concatenate([drawn_head(), drawn_head()[:, :, ::-1]])
    with torch.no_grad():
        plain = Shipped(network)(torch.from_numpy(pixels.copy()))
        folded = Shipped(fold(network))(torch.from_numpy(pixels.copy()))
    both = session.run(None, {"pixels": pixels})
    alone = session.run(None, {"pixels": pixels[:1]})
    for said, kept, shipped, single in zip(plain, folded, both, alone, strict=True):
        assert kept.numpy() == pytest.approx(said.numpy(), abs=1e-4)
        assert shipped == pytest.approx(said.numpy(), abs=0.05)
        assert single[0] == pytest.approx(shipped[0], abs=1e-5)


def test_toml_tables_read_back() -> None:
    import tomllib

    values = {"name": 'a "b"', "rates": [1.0, 0.35], "open": False, "n": 3}
    assert tomllib.loads(table(values)) == values


def test_a_figure_without_a_value_is_left_out() -> None:
    marked = Marked(np.array([[0, 0, 60, 60]], np.float32), np.array([False]))
    nothing = Found(np.zeros((0, 4), np.float32), np.zeros(0, np.float32))
    figures = measure(
        [Seen(marked, nothing, grey=False), Seen(Marked(marked.boxes[:0], marked.ignore[:0]), nothing, grey=False)], 0.5
    )
    assert [figure.name for figure in figures] == ["recall", "false_per_negative", "recall 48-96 px"]


def test_the_lowest_threshold_within_the_budget_is_chosen() -> None:
    empty = Marked(np.zeros((0, 4), np.float32), np.zeros(0, bool))
    seen = [
        Seen(empty, Found(np.array([[0, 0, 9, 9]], np.float32), np.array([score])), grey=False)
        for score in (0.305, 0.605)
    ]
    assert choose(seen, alarms=0.5) == pytest.approx(0.31)
    assert choose(seen, alarms=0.0) == pytest.approx(0.61)
    with pytest.raises(OptionError, match="train longer"):
        choose([Seen(empty, Found(np.array([[0, 0, 9, 9]], np.float32), np.array([0.99])), grey=False)], alarms=0.5)
