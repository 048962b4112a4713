// The server is open to others than this machine, so it wants to know that one may.
import { useEffect, useRef, useState } from "preact/hooks";
import { sentence } from "../model/format.ts";
import { ApiError, openSession } from "./api.ts";
import { load, session, tokenNeeded } from "./state.ts";

export function Token() {
  const field = useRef<HTMLInputElement>(null);
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => field.current?.focus(), []);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setTrouble("");
    try {
      await openSession(field.current?.value.trim() ?? "");
      tokenNeeded.value = false;
      session.value += 1;
      await load();
    } catch (error) {
      setTrouble(error instanceof ApiError && error.status !== 0 ? sentence(error.message) : "The server does not answer.");
      field.current?.select();
    }
    setBusy(false);
  };
  return (
    <section class="card narrow" aria-labelledby="token-title">
      <h1 id="token-title">This server asks for its token</h1>
      <p class="soft">Whoever started <code>mien serve</code> chose it, with <code>--token</code>. It is shown once; a cookie that scripts cannot read then stands for it, for a day.</p>
      <form class="token-form" onSubmit={(event) => { void send(event); }}>
        <label class="field">
          <span>Token</span>
          <input ref={field} type="password" autocomplete="current-password" required aria-invalid={trouble !== ""} aria-describedby="token-trouble" />
        </label>
        <button type="submit" class="button primary" disabled={busy}>Open</button>
      </form>
      <p id="token-trouble" class="trouble" role="alert">{trouble}</p>
    </section>
  );
}
