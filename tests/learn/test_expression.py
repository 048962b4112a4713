from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra learn")
pytest.importorskip("onnx", reason="export needs the extra learn")

import onnxruntime  # noqa: E402

from mien.errors import OptionError  # noqa: E402
from mien.learn.expression import plan  # noqa: E402
from mien.learn.expression.asset import drawn_faces, finish  # noqa: E402
from mien.learn.expression.augment import Ranges, augment  # noqa: E402
from mien.learn.expression.export import export, fold  # noqa: E402
from mien.learn.expression.net import Expression, Shape  # noqa: E402
from mien.learn.expression.train import Faces, Plan, accuracy, one_cycle, soft_cross_entropy, train  # noqa: E402
from mien.learn.recipe import Recipe, read_recipe  # noqa: E402

TINY = Shape(stem=8, widths=(8, 16), blocks=(1, 1))
ROOT = Path(__file__).parents[2]


def faces(count: int = 8) -> Faces:
    votes = np.eye(8, dtype=np.float32)[np.arange(count) % 8]
    return Faces(drawn_faces(count), votes, np.arange(count) % 7)


def tiny_plan(**changes: object) -> Plan:
    still = Ranges(turn=0, scale=0, shift=0, gamma=0, blur=0, cut_part=0)
    given = {"epochs": 2, "batch": 8, "rate": 0.05, "average": 0.5, "half": False, "shape": TINY, "ranges": still}
    return Plan(**{**given, **changes})  # type: ignore[arg-type]


def test_votes_cost_their_cross_entropy() -> None:
    votes = torch.tensor([[0.75, 0.25], [0.0, 0.0]])
    scores = torch.tensor([[0.0, 0.0], [5.0, -5.0]], requires_grad=True)
    loss = soft_cross_entropy(scores, votes)
    assert float(loss.detach()) == pytest.approx(np.log(2))
    loss.backward()
    assert scores.grad is not None
    assert torch.allclose(scores.grad[0], torch.tensor([-0.25, 0.25]))
    assert not scores.grad[1].any()


def test_changed_faces_keep_shape_and_range_and_depend_on_the_seed_only() -> None:
    crops = torch.from_numpy(drawn_faces(6))[:, None].float() / 255
    one = augment(crops, Ranges(), torch.Generator().manual_seed(1))
    same = augment(crops, Ranges(), torch.Generator().manual_seed(1))
    other = augment(crops, Ranges(), torch.Generator().manual_seed(2))
    assert one.shape == crops.shape
    assert float(one.min()) >= 0
    assert float(one.max()) <= 1
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_the_rate_rises_and_falls() -> None:
    assert [one_cycle(part, 0.2) for part in (0.0, 0.1, 0.2, 1.0)] == pytest.approx([0, 0.5, 1, 0])


def test_the_answer_bears_another_light() -> None:
    net = Expression(TINY).eval()
    crops = torch.from_numpy(drawn_faces(3))[:, None].float() / 255
    with torch.inference_mode():
        assert torch.allclose(net.trunk(crops), net.trunk(0.5 * crops + 0.2), atol=0.15)


def test_a_few_faces_are_learned_by_heart(tmp_path: Path) -> None:
    few = faces()
    many = Faces(np.tile(few.pixels, (16, 1, 1)), np.tile(few.votes, (16, 1)), np.tile(few.labels, 16))
    net = train(many, few, tiny_plan(epochs=12), tmp_path, seed=0)
    assert min(accuracy(net, few)) >= 0.75


def test_an_interrupted_training_goes_on(tmp_path: Path) -> None:
    train(faces(), faces(), tiny_plan(epochs=2), tmp_path / "two", seed=0)
    whole = torch.load(tmp_path / "two" / "state.pt", weights_only=True)
    assert whole["epoch"] == 2
    train(faces(), faces(), tiny_plan(epochs=3), tmp_path / "two", seed=0)
    assert torch.load(tmp_path / "two" / "state.pt", weights_only=True)["epoch"] == 3


def test_graphs_answer_as_the_network(tmp_path: Path) -> None:
    torch.manual_seed(0)
    net = Expression(Shape(stem=8, widths=(8, 16, 16), blocks=(2, 1, 1))).eval()
    for norm in (part for part in net.modules() if isinstance(part, torch.nn.BatchNorm2d)):
        norm.running_mean.normal_(0, 0.1)
        norm.running_var.uniform_(0.5, 1.5)
    crops = torch.from_numpy(drawn_faces(4))[:, None].float() / 255
    with torch.inference_mode():
        vectors = net.trunk(crops)
        assert torch.allclose(fold(net.trunk)(crops), vectors, atol=1e-4)
        expected = torch.softmax(net.ferplus(vectors), 1).numpy()
    export(net, tmp_path)
    trunk, head = (onnxruntime.InferenceSession(str(tmp_path / f"{name}.onnx")) for name in ("trunk", "ferplus"))
    found = head.run(None, {"vectors": trunk.run(None, {"faces": crops.numpy()})[0]})[0]
    found = np.exp(found) / np.exp(found).sum(1, keepdims=True)
    assert np.abs(found - expected).max() < 0.02


def test_the_recipe_is_understood() -> None:
    made = plan(read_recipe(ROOT / "recipes" / "face-expression"))
    assert made.shape.widths == [32, 64, 96, 192]
    assert made.ranges == Ranges()


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(OptionError, match="no option 'epoch'; known: epochs, batch"):
        plan(Recipe("face-expression", ROOT, (0,), {"epoch": 3}))


def test_a_finished_folder_is_a_model(tmp_path: Path) -> None:
    from mien.datasets.fer2013 import Faces as Corpus
    from mien.runtime import read_card

    votes = np.zeros((8, 10), dtype=np.int64)
    votes[np.arange(8), np.arange(8)] = 10
    corpus = Corpus(np.arange(8), drawn_faces(8), np.arange(8) % 7, votes, np.arange(8) > 5)
    export(Expression(TINY).eval(), tmp_path)
    head = (ROOT / "recipes" / "face-expression" / "card.toml").read_text()
    found = finish(tmp_path, head, corpus, corpus, seed=0)
    card = read_card(tmp_path / "card.toml")
    assert set(found) == {"face/ferplus", "face/fer2013"}
    assert [row.head for row in card.calibration] == ["ferplus", "fer2013"]
    assert {(row.task, row.metric) for row in card.scores} >= {("face/ferplus", "accuracy"), ("face/fer2013", "ece")}
    assert (tmp_path / "golden.npz").is_file()
