export function Analyze() {
  return (
    <div class="page">
      <h1>Analyze</h1>
    </div>
  );
}
