// Drawn signs, one line wide; the words are always beside them.
const PATHS: Record<string, string> = {
  text: "M5 4h10M5 8h10M5 12h10M5 16h6",
  chat: "M3 4h11v8H8l-3 3v-3H3zM16.5 8.5v6H15v2l-2.2-2H10",
  transcript: "M3 4h14v10H3zM6 11h4M12 11h2",
  audio: "M3 9v2M6 6v8M9 3v14M12 7v6M15 5v10M18 9v2",
  video: "M3 5h10v10H3zM13 9l5-3v8l-5-3",
  image: "M3 4h14v12H3zM3 14l4-4 3 3 3-4 4 5M7.5 7.5h.01",
  analysis: "M3 16h14M5 13l3-4 3 2 4-6",
  upload: "M10 13V3M6 7l4-4 4 4M3 13v4h14v-4",
  bin: "M4 6h12M8 6V4h4v2M6 6l1 11h6l1-11",
  down: "M10 3v10M6 9l4 4 4-4M3 17h14",
  back: "M12 4l-6 6 6 6",
  pair: "M3 5h6v10H3zM11 5h6v10h-6z",
};

export function Icon({ name, size = 20 }: { readonly name: string; readonly size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width={size} height={size} aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">
      <path d={PATHS[name] ?? PATHS.text} />
    </svg>
  );
}
