"""The published works on emotion in speech: what would show each, and what of it is measured here.

What is measured is read from results/ whenever the pages are made, so that a work whose figures are not there yet says
so, and changes by itself once they are.
"""

from __future__ import annotations

from works import Figure, Work

FOLDS = "ravdess-folds.json"
SPEECH = (
    Work(
        "Wav2Small: Distilling Wav2Vec2 to 72K parameters for Low-Resource Speech Emotion Recognition",
        "A student of at most 72,000 parameters, taught by a teacher's answers, does better than the same network "
        "taught by labels; in int8 it is smaller than 120 kB and takes less than a twentieth of the sound's time",
        "in part",
        figures=(Figure(FOLDS, "speech/ravdess-folds", ("uar",), model="speech-tiny"),),
        why="With categories: no corpus at hand has both sound and rated valence, arousal or dominance. The teacher is "
        "our own, as the published one may not be used freely.",
    ),
    Work(
        "Dawn of the transformer era in speech emotion recognition: closing the valence gap",
        "Training on the concordance correlation does better than on the squared error, with the gap between the "
        "sexes, a curve over noise, and a control of how much of valence is words",
        "in part",
        figures=(
            Figure(
                "ratings.json",
                "speech/ratings",
                ("gain_valence", "gain_over_stretched_valence", "gain_over_stretched_arousal"),
            ),
            Figure("robust.json", "speech/robust", ("worst_fall",)),
        ),
        studies=("ccc-loss",),
        why="The loss is compared on features of Quechua speech whose sound is not at hand, so that neither an encoder "
        "nor the words could be varied, nor is a speaker's sex known. Per-sex recall of the emotions is in the cards.",
    ),
    Work(
        "EmoNet-Voice: A Fine-Grained, Expert-Verified Benchmark for Speech Emotion Detection",
        "Emotions of high arousal are found more easily than those of low arousal",
        "in part",
        figures=(
            Figure("arousal.json", "speech/arousal-egemaps", ("gap",)),
            Figure("arousal.json", "speech/arousal-whisper", ("gap",)),
            Figure("arousal.json", "speech/arousal-speech-base", ("gap",), model="speech-base"),
        ),
        why="By recall of eight acted emotions. Strengths graded by experts for forty emotions are not among the "
        "corpora at hand, so that there is no r for each emotion.",
    ),
    Work(
        "BERSting at the Screams: A Benchmark for Distanced, Emotional and Shouted Speech Recognition",
        "A curve over distance, rooms and noise, and a detector of shouting",
        "in part",
        figures=(
            Figure("robust.json", "speech/robust", ("worst_fall", "uar_room_03s_3m")),
            Figure("arousal.json", "speech/strength", ("auc_traits", "auc_level")),
        ),
        why="Distance and rooms are simulated. Nobody shouts in the corpora at hand: the detector tells strong from "
        "normal acting, in one studio.",
    ),
    Work(
        "Revisiting Modeling and Evaluation Approaches in Speech Emotion Recognition: Considering Subjectivity of "
        "Annotators and Ambiguity of Emotions",
        "On CREMA-D, keeping every clip and every voted label raises macro F1 over all clips above the rule of the "
        "majority, and a penalty makes pairs of labels rarer that do not go together",
        "in part",
        figures=(
            Figure(
                "ambiguity.json",
                "speech/ambiguity-votes",
                (
                    "js_soft_minus_plurality",
                    "js_soft_minus_plurality_tempered",
                    "macro_f1_soft_minus_majority_tempered",
                    "macro_f1_penalty_minus_soft",
                    "impossible_soft",
                ),
            ),
        ),
        studies=("soft-votes", "all-inclusive-votes", "vote-penalty"),
        why="The votes are at hand, the sound is not: they are guessed from what was meant and from the votes of other "
        "raters. Pairs that hardly ever go together were guessed for no clip without the penalty either. Who cast what "
        "is not in the tables, so that raters could not be modelled one by one.",
    ),
    Work(
        "Adapting General Disentanglement-Based Speaker Anonymization for Enhanced Emotion Preservation",
        "Moving a hidden speaker's vector along an emotion's normal brings the emotion back at little cost of hiding",
        "in part",
        figures=(
            Figure(
                "anonymous.json",
                "speech/anonymous",
                ("uar_before", "uar_alpha_0", "uar_gain_2", "eer_alpha_0", "eer_alpha_2"),
            ),
        ),
        why="On vectors of an encoder; no voice is made from them, so that words and naturalness cannot be measured. "
        "The hiding is a matrix of chance, not a trained network.",
    ),
)
