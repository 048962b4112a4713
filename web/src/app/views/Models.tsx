export function Models() {
  return (
    <div class="page">
      <h1>Models</h1>
    </div>
  );
}
