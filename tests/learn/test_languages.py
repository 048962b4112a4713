"""The multilingual recipe on nets and texts of a few words."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
pytest.importorskip("sklearn")

from mien.datasets.written import letters  # noqa: E402
from mien.errors import InputError  # noqa: E402
from mien.learn.languages import e5, linear, vocabulary  # noqa: E402
from mien.learn.languages.corpora import LABELS, LANGUAGES, Labelled  # noqa: E402
from mien.learn.languages.decide import expected_threshold, join, thresholds_by_language  # noqa: E402
from mien.learn.languages.scores import macro_f1, score_rows  # noqa: E402
from mien.learn.languages.train import LanguagesNet, LanguagesOptions, LowerStates, fit, known_loss  # noqa: E402
from mien.learn.text.batches import Rows  # noqa: E402
from mien.learn.text.graph import pack, write_trunk  # noqa: E402
from mien.learn.text.net import Encoder, EncoderShape  # noqa: E402
from mien.perceive.text.ngrams import LanguageNgrams, Ngrams  # noqa: E402

torch.set_num_threads(1)

TINY = EncoderShape(vocabulary=40, positions=16, width=32, layers=3, heads=2, inner=32)
OPTIONS = LanguagesOptions(epochs=60, batch=4, dropout=0.0, rate=5e-3, head_rate=5e-3, frozen=1, half=False)


def unpacked(values: np.ndarray, scale: np.ndarray) -> np.ndarray:
    whole = np.concatenate([values & 15, values >> 4], axis=2).astype(np.float32) - 8
    return (whole * scale.astype(np.float32)).reshape(len(values), -1)


def tiny_rows(count: int = 8) -> Rows:
    rng = np.random.default_rng(0)
    ids = tuple(tuple(int(token) for token in rng.integers(4, 40, 3 + row % 4)) for row in range(count))
    truth = rng.integers(0, 2, (count, 4)).astype(np.float32)
    truth[0, 1] = np.nan
    return Rows(ids, truth)


def tiny_net() -> LanguagesNet:
    torch.manual_seed(0)
    return LanguagesNet(Encoder(TINY, 0.0), labels=3, languages=2, dropout=0.0).eval()


def test_what_was_packed_is_packed_again_unchanged() -> None:
    weight = np.random.default_rng(0).normal(size=(5, 64)).astype(np.float32)
    weight[2, :32] = 0
    once = unpacked(*pack(weight))
    assert np.array_equal(unpacked(*pack(once)), once)
    step = np.abs(weight.reshape(5, 2, 32)).max(axis=2, keepdims=True) / 8
    assert (np.abs(once - weight).reshape(5, 2, 32) <= step * 1.01).all()


def test_packed_trunk_answers_like_the_net(tmp_path: Path) -> None:
    trunk = tiny_net().trunk
    with torch.no_grad():
        trunk.words.weight.copy_(torch.from_numpy(unpacked(*pack(trunk.words.weight.numpy()))))
    write_trunk(trunk, tmp_path / "trunk.onnx", positions=16, packed=True)
    ids, mask = torch.tensor([[5, 6, 7, 0], [9, 8, 12, 30]]), torch.tensor([[1, 1, 1, 0], [1, 1, 1, 1]])
    run = onnxruntime.InferenceSession(str(tmp_path / "trunk.onnx"))
    (sentence,) = run.run(["sentence"], {"ids": ids.numpy(), "mask": mask.numpy()})
    with torch.no_grad():
        assert np.abs(sentence - trunk(ids, mask).numpy()).max() < 0.05


def packed_file(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Write a packed encoder of one layer with four pieces, and return its word vectors and one more matrix."""
    rng = np.random.default_rng(1)
    names = [f"l0.{part}" for part in ("q", "k", "v", "ao", "aln", "fi", "fo", "oln")]
    stored: dict[str, bytes] = {"emb.pos": bytes(8 * 32 * 4), "emb.type": bytes(2 * 32 * 4)}
    for name in ("emb.ln", *names):
        stored[f"{name}.w"] = np.ones(32, np.float32).tobytes()
        stored[f"{name}.b"] = np.zeros(32, np.float32).tobytes()
    matrices = {name: rng.normal(size=(32, 32)).astype(np.float32) for name in (*names, "emb.word") if "ln" not in name}
    matrices["emb.word"] = matrices["emb.word"][:4]
    for name, matrix in matrices.items():
        values, scale = pack(matrix)
        blocks = b"".join(one.tobytes() + two.tobytes() for one, two in zip(scale[:, 0], values[:, 0], strict=True))
        stored[name if name == "emb.word" else f"{name}.w"] = blocks
        matrices[name] = unpacked(values, scale)
    pieces = ["<s>", "<pad>", "</s>", "<unk>"]
    blob = "".join(pieces).encode()
    head = b"E5S1" + struct.pack("<8if", 1, 32, 1, 2, 32, 4, 8, 2, 1e-12) + struct.pack("<i", 32)
    head += struct.pack("<5iQ", 4, 0, 2, 1, 3, len(blob))
    head += np.cumsum([0, *map(len, pieces)]).astype("<u4").tobytes() + np.zeros(4, "<f4").tobytes() + blob
    head += struct.pack("<iI", 0, 0) + struct.pack("<i", len(stored))
    place = len(head) + sum(23 + len(name) for name in stored)
    body = b""
    for name, content in stored.items():
        head += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BI", 0, 0)
        head += struct.pack("<QQ", place + len(body), len(content))
        body += content
    path.write_bytes(head + body)
    return matrices["emb.word"], matrices["l0.k"]


def test_base_is_read_back(tmp_path: Path) -> None:
    words, key = packed_file(tmp_path / "base.bin")
    base = e5.read_base(tmp_path / "base.bin")
    assert [piece for piece, _ in base.pieces] == ["<s>", "<pad>", "</s>", "<unk>"]
    assert base.shape == EncoderShape(4, 8, 32, 1, 2, 32, pytest.approx(1e-12))
    encoder = e5.load_encoder(base, np.array([0, 2]), layers=1)
    assert np.array_equal(encoder.words.weight.detach().numpy(), words[[0, 2]])
    assert np.array_equal(encoder.blocks[0].qkv.weight.detach().numpy()[32:64], key)


def test_a_file_that_is_no_base(tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(b"something else")
    with pytest.raises(InputError, match="no packed encoder"):
        e5.read_base(tmp_path / "other.bin")


PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -3.0)]
PIECES += [("\u2581glad", -4.0), ("\u2581sad", -4.0), ("a", -6.0), ("д", -6.0), ("ა", -6.0), ("dog", -5.0)]


def test_vocabulary_keeps_what_is_used_and_what_spells() -> None:
    kept = vocabulary.choose(PIECES, ["glad sad", "glad"], least=2)
    assert [PIECES[place][0] for place in kept] == ["<s>", "<pad>", "</s>", "<unk>", "\u2581", "\u2581glad", "a", "д"]


def test_tokenizer_normalises() -> None:
    made = vocabulary.tokenizer(PIECES)
    assert made.encode("glad\u200b\tsad").tokens == ["<s>", "\u2581glad", "\u2581sad", "</s>"]
    assert made.encode("\uff47lad").tokens == made.encode("gl\x01ad").tokens == ["<s>", "\u2581glad", "</s>"]


def test_labels_that_were_not_asked_for_do_not_count() -> None:
    logits = torch.zeros(2, 3, requires_grad=True)
    loss = known_loss(logits, torch.tensor([[1.0, torch.nan, 0.0], [1.0, 1.0, 0.0]]))
    loss.backward()
    assert loss.item() == pytest.approx(5 * np.log(2) / 2)
    assert logits.grad[0, 1].item() == 0
    assert logits.grad[1, 1].item() == pytest.approx(-0.25)


def test_states_of_the_lower_layers_give_what_the_whole_gives(tmp_path: Path) -> None:
    net, rows = tiny_net(), tiny_rows()
    lower = LowerStates(net.trunk, rows, OPTIONS, tmp_path / "states.npy")
    states, mask, _ = lower.collate(np.arange(8))
    emotions, _ = net(states, mask, 1)
    ids = torch.zeros(8, states.shape[1], dtype=torch.int64)
    for row, tokens in enumerate(rows.ids):
        ids[row, : len(tokens)] = torch.tensor(tokens)
    assert torch.allclose(emotions, net.categories(net.trunk(ids, mask)), atol=2e-3)
    again = LowerStates(net.trunk, rows, OPTIONS, tmp_path / "states.npy")
    assert torch.equal(again.collate(np.array([3]))[0], lower.collate(np.array([3]))[0])


def test_training_learns_by_heart_and_leaves_the_lower_layers(tmp_path: Path) -> None:
    net, rows = tiny_net(), tiny_rows()
    frozen = [parameter.clone() for parameter in (net.trunk.words.weight, net.trunk.blocks[0].up.weight)]
    trained, _ = fit(net, rows, OPTIONS, out=tmp_path, seed=0)
    assert torch.equal(trained.trunk.words.weight, frozen[0])
    assert torch.equal(trained.trunk.blocks[0].up.weight, frozen[1])
    lower = LowerStates(trained.trunk, rows, OPTIONS, tmp_path / "states.npy")
    states, mask, truth = lower.collate(np.arange(8))
    assert known_loss(trained(states, mask, 1)[0], truth[:, :-1]).item() < 0.7


def labelled(texts: list[str], truth: list[list[float]], languages: list[int]) -> Labelled:
    return Labelled(tuple(texts), np.array(truth, dtype=np.float64), np.array(languages))


TEXTS = ["so glad today", "very glad", "how sad", "sad again today", "glad glad", "a sad day"]
TRUTH = [[1, 0, np.nan], [1, 0, np.nan], [0, 1, np.nan], [0, 1, np.nan], [1, 0, np.nan], [0, 1, np.nan]]


def test_linear_model_is_written_as_it_was_fitted(tmp_path: Path) -> None:
    model = linear.fit(labelled(TEXTS, TRUTH, [0] * 6), bits=12, strength=100.0)
    assert not model.weights[:, 2].any()  # nobody was asked
    linear.write(tmp_path / "ngrams.npz", model)
    written = np.stack([Ngrams.read(tmp_path / "ngrams.npz").logits(text) for text in ("I am glad", "I am sad")])
    assert written[0, 0] > 0 > written[1, 0]
    assert written[1, 1] > 0
    assert np.allclose(model.logits(["I am glad", "I am sad"]), written, atol=0.05)


def test_tables_hold_the_model_of_each_language_and_join_the_trunk(tmp_path: Path) -> None:
    models = [linear.fit(labelled(TEXTS, truth, [0] * 6), bits=12, strength=100.0) for truth in (TRUTH, TRUTH[::-1])]
    slopes, trunk, offset = np.array([2.0, 0.5]), np.array([1.0, 3.0]), np.array([0.1, 0.2, 0.3])
    linear.write_tables(tmp_path / "ngrams.npz", models, slopes=slopes, offset=offset, trunk=trunk)
    seen, texts = np.ones((2, 3)), ["I am glad", "I am sad"]
    found = LanguageNgrams(tmp_path / "ngrams.npz").join(seen, texts, [0, 1])
    for row, place in enumerate((0, 1)):
        expected = seen[row] * trunk[place] + models[place].logits([texts[row]])[0] * slopes[place] + offset
        assert np.allclose(found[row], expected, atol=0.1)


def test_language_is_guessed() -> None:
    texts = ["der die das und nicht", "ich bin nicht da", "the cat and the dog", "that is not there"]
    places = [LANGUAGES.index(language) for language in ("deu", "deu", "eng", "eng")]
    model = linear.fit_guess(labelled(texts, [[0.0]] * 4, places))
    said = model.logits(["nicht das und", "the dog is that"]).argmax(axis=1)
    assert [LANGUAGES[place] for place in said] == ["deu", "eng"]


def test_claims_spare_the_english_texts_of_validation() -> None:
    texts = [*["ich bin nicht da", "der hund und das"] * 3, *["the cat and the dog", "that is not there"] * 3]
    spoken = labelled(texts, [[1.0]] * 6 + [[0.0]] * 6, [0] * 12)
    claimed = linear.fit_claims(spoken, labelled(["ich bin da", "the dog"], [[1.0], [0.0]], [0, 0]), lost=0.0)
    assert claimed.logits(["ich bin nicht da", "that cat"])[:, 0].tolist()[0] > 0
    assert claimed.logits(["the dog"])[0, 0] <= 1e-6


def test_joining_finds_the_weights_that_made_the_truth() -> None:
    rng = np.random.default_rng(0)
    trunk, ngrams = rng.normal(size=(2, 12000, 2)) * 2
    languages = np.repeat([0, 1], 6000)
    slopes, trunks = np.array([0.2, 0.8]), np.array([1.0, 0.5])
    chance = 1 / (1 + np.exp(-(trunk * trunks[languages, None] + slopes[languages, None] * ngrams + [0.5, -0.5])))
    truth = (rng.random(chance.shape) < chance).astype(float)
    truth[:50, 1] = np.nan
    joined = join(trunk, ngrams, truth, languages, count=3, ridge=1.0)
    assert np.allclose(joined.trunk[:2], trunks, atol=0.1)
    assert np.allclose(joined.slopes[:2], slopes, atol=0.1)
    assert np.allclose(joined.offset, [0.5, -0.5], atol=0.1)
    assert min(slopes) < joined.slopes[2] < max(slopes)  # a language without texts takes the common slope
    assert np.allclose(joined.logits(trunk, ngrams, languages), np.log(chance / (1 - chance)), atol=0.8)


def test_each_language_has_thresholds_of_its_own() -> None:
    probs = np.random.default_rng(0).random((400, 2))
    languages = np.repeat([0, 1], 200)
    probs[200:, 0] *= 0.2
    common, own = thresholds_by_language(probs, languages, count=3)
    assert own[1, 0] < common[0] < own[0, 0]
    assert np.array_equal(own[2], common)


def test_expected_threshold_is_half_of_the_best_f1() -> None:
    probs = np.sort(np.random.default_rng(0).random(20000))
    threshold = expected_threshold(probs)
    said = probs >= threshold
    best = 2 * probs[said].sum() / (said.sum() + probs.sum())
    assert threshold == pytest.approx(best / 2, abs=1e-3)
    assert expected_threshold(np.array([0.3])) == 0.3


def test_scores_leave_out_what_was_not_asked_for() -> None:
    truth = [[1, 0, 0, 0, 0, np.nan], [0, 1, 1, 1, 1, np.nan]]
    fin = [[1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0]]
    rows = labelled(["a", "b", "c", "d"], truth + fin, [0, 0, len(LANGUAGES) - 1, len(LANGUAGES) - 1])
    probs, thresholds = np.nan_to_num(rows.truth), np.full((len(LANGUAGES), len(LABELS)), 0.5)
    probs[:2, 5] = 1  # what it says of the label that was not asked for does not matter
    assert macro_f1(rows, probs, thresholds) == 1
    mean, finnish = score_rows(rows, probs, thresholds, 0, "test")
    assert (mean.value, mean.n, finnish.value) == (1, 2, 1)


def test_letters_tell_texts_apart() -> None:
    assert letters("So glad!") == letters("so, GLAD")
    assert letters("!!!") != letters("???")
