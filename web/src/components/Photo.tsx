import { useState } from "preact/hooks";
import { basename, plural } from "../model/format.ts";
import { analysis, timeline } from "../store.ts";
import { Boxes } from "./Boxes.tsx";

export function Photo({ url }: { readonly url: string }) {
  const { source } = analysis.value;
  const [size, setSize] = useState({ width: source.width ?? 0, height: source.height ?? 0 });
  const count = timeline.value.persons.length;
  const onLoad = (event: Event): void => {
    const image = event.currentTarget as HTMLImageElement;
    if (size.width === 0) setSize({ width: image.naturalWidth, height: image.naturalHeight });
  };
  return (
    <div class="screen still">
      <div class="picture" style={{ "--aspect": size.width / size.height || 1.5 }}>
        <img src={url} alt={`${basename(source.name)}, with ${plural(count, "face")} read`} onLoad={onLoad} />
        {size.width > 0 && <Boxes size={size} />}
      </div>
    </div>
  );
}
