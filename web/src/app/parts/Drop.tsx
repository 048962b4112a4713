// Where files are dropped or picked.
import { useEffect, useRef, useState } from "preact/hooks";
import { ACCEPT, pairFiles } from "../files.ts";
import { sendFiles } from "../jobs.ts";
import { Icon } from "./Icon.tsx";
import { jobOptions } from "./Options.tsx";

const take = (files: Iterable<File>): void => {
  const given = [...files];
  if (given.length > 0) void sendFiles(pairFiles(given), jobOptions());
};

const carries = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** Files may fall anywhere on the page; a miss must not make the browser leave it. */
function useDrop(): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const enter = (event: DragEvent): void => { if (carries(event)) { depth += 1; setOver(true); } };
    const leave = (): void => { depth = Math.max(0, depth - 1); if (depth === 0) setOver(false); };
    const above = (event: DragEvent): void => { if (carries(event)) event.preventDefault(); };
    const drop = (event: DragEvent): void => {
      if (!carries(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      take(event.dataTransfer?.files ?? []);
    };
    const pairs = [["dragenter", enter], ["dragleave", leave], ["dragover", above], ["drop", drop]] as const;
    for (const [name, does] of pairs) document.addEventListener(name, does as EventListener);
    return () => { for (const [name, does] of pairs) document.removeEventListener(name, does as EventListener); };
  }, []);
  return over;
}

export function Drop() {
  const over = useDrop();
  const picker = useRef<HTMLInputElement>(null);
  const onPick = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    take(input.files ?? []);
    input.value = "";
  };
  return (
    <div class={`drop ${over ? "over" : ""}`}>
      <span class="drop-sign"><Icon name="upload" size={26} /></span>
      <p class="drop-title">{over ? "Let go, and it is read" : "Drop files here"}</p>
      <p class="soft small">Video, sound, photographs, texts, chat logs, transcripts. A transcript of the same name beside a recording is read with it.</p>
      <button type="button" class="button primary" onClick={() => picker.current?.click()}>Choose files</button>
      <input ref={picker} class="hidden" type="file" multiple accept={ACCEPT} tabIndex={-1} aria-label="Files to analyze" onChange={onPick} />
    </div>
  );
}
