/** The user has ended the program at a question, before any host was contacted. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
