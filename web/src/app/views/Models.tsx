// The models that are installed, and what is known of them.
import { useEffect, useState } from "preact/hooks";
import { Segments } from "../../components/Segments.tsx";
import { capital, plural } from "../../model/format.ts";
import { listModels } from "../api.ts";
import { told } from "../jobs.ts";
import { readCard, type Card } from "../models.ts";
import { ModelCard } from "../parts/ModelCard.tsx";
import "../styles/models.css";

const ALL = "all";
const ORDER = ["text", "speech", "face"];

export function Models() {
  const [cards, setCards] = useState<readonly Card[] | null>(null);
  const [trouble, setTrouble] = useState("");
  const [chosen, setChosen] = useState(ALL);
  useEffect(() => {
    document.title = "Models · mien";
    listModels().then((found) => setCards(found.map(readCard)), (error: unknown) => setTrouble(told(error)));
  }, []);
  const known = [...(cards ?? [])].sort((one, other) => ORDER.indexOf(one.modality) - ORDER.indexOf(other.modality));
  const modalities = [...new Set(known.map((card) => card.modality))];
  const shown = known.filter((card) => chosen === ALL || card.modality === chosen);
  return (
    <div class="page">
      <div class="intro">
        <h1>Models</h1>
        <p class="lede soft">What reads words, voices and faces here: licences, the data behind them, and how well they do, measured.</p>
      </div>
      {trouble && <p class="trouble" role="alert">{trouble}</p>}
      {cards === null && !trouble && <p class="soft" role="status">Asking the server…</p>}
      {cards !== null && (
        <div class="models-tools">
          <Segments label="Modality" choices={[ALL, ...modalities].map((value) => ({ value, label: capital(value) }))} value={chosen} onChange={setChosen} />
          <p class="small soft" role="status">{plural(shown.length, "model")}. <span class="badge open">open</span> trained only on data that allow commercial use; <span class="badge research">research</span> also on other data.</p>
        </div>
      )}
      {cards?.length === 0 && <div class="card empty"><p class="empty-title">No models are installed</p><p class="soft small">Install mien again: its models travel with it.</p></div>}
      {shown.map((card) => <ModelCard key={card.name} card={card} />)}
    </div>
  );
}
