interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
}

interface Props<T extends string> {
  readonly label: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** One choice of a few, as a row of radio buttons with one tab stop. */
export function Segments<T extends string>({ label, choices, value, onChange }: Props<T>) {
  const onKeyDown = (event: KeyboardEvent): void => {
    const change = STEPS[event.key];
    if (change === undefined) return;
    const place = choices.findIndex((choice) => choice.value === value);
    const next = (place + change + choices.length) % choices.length;
    onChange((choices[next] as Choice<T>).value);
    ((event.currentTarget as HTMLElement).children[next] as HTMLElement | undefined)?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="segments" role="radiogroup" aria-label={label} onKeyDown={onKeyDown}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          role="radio"
          aria-checked={choice.value === value}
          tabIndex={choice.value === value ? 0 : -1}
          onClick={() => onChange(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}
