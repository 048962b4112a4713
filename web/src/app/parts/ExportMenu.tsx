// Every format that the server can write; fetched first, so that a refusal is told in its own sentence.
import { useState } from "preact/hooks";
import { exportHref, request, type Format } from "../api.ts";
import { told } from "../jobs.ts";
import { announce, info } from "../state.ts";
import { Icon } from "./Icon.tsx";
import { Menu } from "./Menu.tsx";

/** The name that the server gives the file, or one made here. */
export function fileName(header: string | null, otherwise: string): string {
  const plain = /filename="([^"]+)"/.exec(header ?? "")?.[1];
  const coded = /filename\*=UTF-8''([^;]+)/i.exec(header ?? "")?.[1];
  return coded ? decodeURIComponent(coded) : (plain ?? otherwise);
}

async function save(id: string, name: string, format: Format, taxonomy: string | null): Promise<void> {
  const response = await request(exportHref(id, format.name, taxonomy));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = fileName(response.headers.get("content-disposition"), `${name}.${format.ending.replace(/^\./, "")}`);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

interface Props {
  readonly id: string;
  readonly name: string;
  readonly taxonomy: string | null;
  readonly onTrouble: (text: string) => void;
}

export function ExportMenu({ id, name, taxonomy, onTrouble }: Props) {
  const [busy, setBusy] = useState("");
  const formats = info.value?.formats ?? [];
  const take = async (format: Format): Promise<void> => {
    setBusy(format.name);
    onTrouble("");
    try {
      await save(id, name, format, taxonomy);
      announce(`${format.label} was saved.`);
    } catch (error) {
      onTrouble(told(error));
    }
    setBusy("");
  };
  return (
    <Menu name="Formats" label={<><Icon name="down" size={17} />Export</>}>
      {formats.filter((format) => format.available).map((format) => (
        <button key={format.name} type="button" data-format={format.name} aria-disabled={busy !== ""} onClick={() => { if (busy === "") void take(format); }}>
          <span>{format.label}</span>
          <span class="soft small">{busy === format.name ? "being made…" : `.${format.ending.replace(/^\./, "")}`}</span>
        </button>
      ))}
      {formats.some((format) => !format.available) && (
        <p class="absent-format">Not installed here: {formats.filter((format) => !format.available).map((format) => format.label).join(", ")}.</p>
      )}
    </Menu>
  );
}
