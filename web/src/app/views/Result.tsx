export function Result() {
  return (
    <div class="page">
      <h1>Result</h1>
    </div>
  );
}
