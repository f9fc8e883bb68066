// A program that needs a key. It never prints it.
const key = process.env.OPENAI_API_KEY;
if (!key) {
  console.error('app: OPENAI_API_KEY is not set');
  process.exit(1);
}
console.log(
  `app: calling the model with a key of ${key.length} characters that starts with ${key.slice(0, 8)}`,
);
