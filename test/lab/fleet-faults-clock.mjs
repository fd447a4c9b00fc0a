// Gives a program another idea of the time: so many milliseconds from HOOKFLEET_TEST_CLOCK are added to every answer.
const shift = Number(process.env.HOOKFLEET_TEST_CLOCK);
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...parts) {
    super(...(parts.length === 0 ? [Real.now() + shift] : parts));
  }
  static now() {
    return Real.now() + shift;
  }
};
