export function Conversation() {
  return (
    <div class="page">
      <h1>Conversation</h1>
    </div>
  );
}
