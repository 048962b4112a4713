// A button that opens a list of further buttons; Escape, a click elsewhere and leaving by Tab close it.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface Props {
  readonly label: ComponentChildren;
  readonly name: string;
  readonly children: ComponentChildren;
}

export function Menu({ label, name, children }: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const away = (event: Event): void => { if (!box.current?.contains(event.target as Node)) setOpen(false); };
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener("keydown", escape);
    document.addEventListener("pointerdown", away);
    document.addEventListener("focusin", away);
    return () => {
      document.removeEventListener("keydown", escape);
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("focusin", away);
    };
  }, [open]);
  return (
    <div class="menu" ref={box}>
      <button ref={button} type="button" class="button" aria-expanded={open} onClick={() => setOpen(!open)}>{label}</button>
      {open && <div class="menu-list" role="group" aria-label={name}>{children}</div>}
    </div>
  );
}
