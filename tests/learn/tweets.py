"""The three parts of SemEval-2018 task 1 as it was published, with tweets of our own."""

from __future__ import annotations

from pathlib import Path

from mien.types.scales import INTENSITY4, SEMEVAL_EC11

GLAD = ("so happy today", "what a lovely morning", "I love this song", "we won, yes!", "best friends ever")
CROSS = ("this makes me furious", "how dare they", "I hate waiting", "worst service ever", "so angry right now")


def published(folder: Path) -> None:
    """Write the three parts of the task with tweets of our own, one of which stands in two splits."""
    names = {"train": GLAD + CROSS, "dev": ("a glad day", "an awful day"), "test-gold": ("how nice", "how dare they")}
    for split, texts in names.items():
        cross = [text in CROSS or "awful" in text for text in texts]
        for emotion in INTENSITY4.labels:
            high = [flag == (emotion != "joy") for flag in cross]
            rows = [f"{k}\t{text}\t{emotion}\t{0.8 if high[k] else 0.2}" for k, text in enumerate(texts)]
            write(folder / f"EI-reg-En-{emotion}-{split}.txt", "ID\tTweet\tAffect Dimension\tIntensity Score", rows)
        rows = [f"{k}\t{text}\tvalence\t{0.2 if cross[k] else 0.8}" for k, text in enumerate(texts)]
        write(folder / f"Valence-reg-En-{split}.txt", "ID\tTweet\tAffect Dimension\tIntensity Score", rows)
        held = [{"anger"} if flag else {"joy"} for flag in cross]
        cells = [["1" if label in held[k] else "0" for label in SEMEVAL_EC11.labels] for k in range(len(texts))]
        rows = ["\t".join([str(k), text, *cells[k]]) for k, text in enumerate(texts)]
        write(folder / f"E-c-En-{split}.txt", "\t".join(["ID", "Tweet", *SEMEVAL_EC11.labels]), rows)


def write(path: Path, header: str, rows: list[str]) -> None:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
