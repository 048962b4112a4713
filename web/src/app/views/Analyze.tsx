// Give something to be read, and see what was given before.
import { useEffect } from "preact/hooks";
import { refresh, rest } from "../jobs.ts";
import { Drop } from "../parts/Drop.tsx";
import { JobList } from "../parts/JobList.tsx";
import { Options } from "../parts/Options.tsx";
import { Paste } from "../parts/Paste.tsx";
import { info, reachable } from "../state.ts";
import "../styles/analyze.css";

export function Analyze() {
  const there = reachable.value;
  useEffect(() => {
    document.title = "Analyze · mien";
    // A tab that nobody sees keeps no connection from those that somebody does.
    const attend = (): void => {
      if (document.hidden) rest();
      else if (there) void refresh();
    };
    attend();
    document.addEventListener("visibilitychange", attend);
    return () => {
      document.removeEventListener("visibilitychange", attend);
      rest();
    };
  }, [there]);
  return (
    <div class="page">
      <div class="intro">
        <h1>Read what words, voices and faces express</h1>
        <p class="lede soft">As one timeline a person, with the reasons for each answer. {info.value?.token_needed ? "Everything is read by this server, and goes no further." : "Everything is read on this machine; nothing leaves it."}</p>
      </div>
      <div class="card give">
        <div class="give-parts">
          <Drop />
          <Paste />
        </div>
        <Options />
      </div>
      <JobList />
    </div>
  );
}
