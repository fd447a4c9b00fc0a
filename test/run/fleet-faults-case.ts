/** Trouble of a whole fleet, and how a run ends that meets it. */
export interface FleetFault {
  readonly id: string;
  readonly fault: string;
  /** More than one where it depends on who comes first. */
  readonly exitCodes: readonly number[];
  /** The last line of the summary, or in words what differs from run to run. */
  readonly hosts: string;
  /** A line of the output; `…` stands for what differs. */
  readonly says?: string;
  /** What is on the hosts then, and how it goes on. */
  readonly after: string;
  /** The command that is printed to be typed next; `…` as above. */
  readonly next?: string;
}

export interface FleetFaultGroup {
  readonly title: string;
  readonly cases: readonly FleetFault[];
}
