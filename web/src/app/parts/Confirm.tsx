// Deleting asks once more, in its own place.
import { useEffect, useRef, useState } from "preact/hooks";
import { told } from "../jobs.ts";
import { Icon } from "./Icon.tsx";

interface Props {
  readonly name: string;
  readonly onDelete: () => Promise<void>;
  readonly wide?: boolean;
}

export function DeleteButton({ name, onDelete, wide = false }: Props) {
  const [asked, setAsked] = useState(false);
  const [trouble, setTrouble] = useState("");
  const keep = useRef<HTMLButtonElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  const back = useRef(false);
  useEffect(() => {
    if (asked) keep.current?.focus();
    else if (back.current) first.current?.focus();
    back.current = asked;
  }, [asked]);
  const drop = (): void => {
    onDelete().catch((error: unknown) => {
      setTrouble(told(error));
      setAsked(false);
    });
  };
  if (!asked) {
    return (
      <>
        <button ref={first} type="button" class={`button ${wide ? "" : "ghost square"}`} aria-label={`Delete ${name}`} title="Delete" onClick={() => setAsked(true)}>
          <Icon name="bin" size={18} />{wide && "Delete"}
        </button>
        {trouble && <span class="trouble small" role="alert">{trouble}</span>}
      </>
    );
  }
  return (
    <span class="confirm" role="group" aria-label={`Delete ${name}?`} onKeyDown={(event) => { if (event.key === "Escape") setAsked(false); }}>
      <button type="button" class="button danger" onClick={drop}>Delete all of it</button>
      <button ref={keep} type="button" class="button" onClick={() => setAsked(false)}>Keep</button>
    </span>
  );
}
