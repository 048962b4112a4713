// What every drawing on a canvas needs.

/** A CSS colour of the theme, such as `--ink`, as the browser resolved it. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "#888";
}

/** The same colour with an opacity in [0, 1]; tokens are written as #rrggbb. */
export function withAlpha(hex: string, alpha: number): string {
  const share = Math.round(255 * Math.min(1, Math.max(0, alpha)));
  return `${hex.slice(0, 7)}${share.toString(16).padStart(2, "0")}`;
}

/** Sizes a canvas to its box on this screen and returns its context, cleared, in CSS pixels. */
export function prepare(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  context?.scale(ratio, ratio);
  context?.clearRect(0, 0, width, height);
  return context;
}
