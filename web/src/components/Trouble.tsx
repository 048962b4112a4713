export function Trouble({ message }: { readonly message: string }) {
  return (
    <main class="page">
      <section class="card" role="alert">
        <h1>This report cannot be shown</h1>
        <p class="soft">{message}</p>
      </section>
    </main>
  );
}
