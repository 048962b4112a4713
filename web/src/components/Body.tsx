// Everything about one analysis, below its title: the report shows it, and the served page, too.
import { timeline } from "../store.ts";
import { Evidence } from "./Evidence.tsx";
import { Limits } from "./Limits.tsx";
import { Links } from "./Links.tsx";
import { Models } from "./Models.tsx";
import { Moments } from "./Moments.tsx";
import { Notes } from "./Notes.tsx";
import { Now } from "./Now.tsx";
import { Plane } from "./Plane.tsx";
import { Stage } from "./Stage.tsx";
import { Timeline } from "./Timeline.tsx";
import { Warnings } from "./Warnings.tsx";

export function Body() {
  const someone = timeline.value.persons.length > 0;
  return (
    <>
      <Warnings />
      <div class={`top ${someone ? "" : "alone"}`}>
        <div class="column stretch">
          <Stage />
          <Evidence />
        </div>
        <div class="column side">
          <Now />
          {someone && <Plane />}
        </div>
      </div>
      {someone && timeline.value.moves && <Timeline />}
      <div class="masonry">
        {someone && timeline.value.moves && <Moments />}
        <Links />
        <Models />
        <Limits />
        <Notes />
      </div>
    </>
  );
}
