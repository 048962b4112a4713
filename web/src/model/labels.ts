// Every label of every taxonomy belongs to a family, and a family has one colour in the light and one in the dark theme.
// Colours never stand alone: the word is always beside them.

export type Family =
  | "joy" | "love" | "calm" | "surprise" | "interest" | "anger" | "disgust" | "contempt" | "fear" | "sadness" | "neutral" | "other";

const MEMBERS: Record<Exclude<Family, "other">, string> = {
  joy: "joy happy happiness amusement excitement optimism pride gratitude relief approval positive cheerfulness zest contentment happy_excited q1 excited",
  love: "love caring admiration desire affection lust longing trust",
  calm: "calm relaxed relaxation serenity q4 acceptance",
  surprise: "surprise surprised realization",
  interest: "curiosity confusion anticipation interest",
  anger: "anger angry annoyance disapproval irritation rage q2 tense negative",
  disgust: "disgust disgusted",
  contempt: "contempt",
  fear: "fear fearful distress nervousness horror anxious",
  sadness: "sadness sad depression grief disappointment remorse embarrassment suffering shame neglect sympathy q3",
  neutral: "neutral",
};

const FAMILY = new Map<string, Family>();
for (const [family, labels] of Object.entries(MEMBERS)) {
  for (const label of labels.split(" ")) FAMILY.set(label, family as Family);
}

/** A label below another, such as `joy/pride`, has the family of its own word, or else of the word above. */
export function family(label: string): Family {
  const parts = label.toLowerCase().split("/");
  for (const part of parts.toReversed()) {
    const found = FAMILY.get(part);
    if (found) return found;
  }
  return "other";
}

/** The CSS colour of a label, which follows the theme. */
export const colour = (label: string): string => `var(--emotion-${family(label)})`;
