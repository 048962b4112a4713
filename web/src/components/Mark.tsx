/** The sign and name. */
export function Mark() {
  return (
    <span class="mark">
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
        <circle cx="16" cy="16" r="15" fill="var(--accent)" />
        <circle cx="11" cy="13" r="1.9" fill="var(--on-accent)" />
        <circle cx="21" cy="13" r="1.9" fill="var(--on-accent)" />
        <path d="M7.5 20.5q2.8-3.4 5.6 0t5.7 0 5.7 0" fill="none" stroke="var(--on-accent)" stroke-width="2" stroke-linecap="round" />
      </svg>
      mien
    </span>
  );
}
