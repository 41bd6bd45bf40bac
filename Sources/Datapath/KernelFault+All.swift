extension KernelFault {
  /// What was found in upstream's and the distributions' lists of changes. Faults of calls that this
  /// datapath does not make (cork, push, pop, stream parsers) are left out, and so is what is lacking
  /// without harm, which the self-test tells. Of 6.6 only an upper bound is known.
  public static let all: [KernelFault] = [
    KernelFault(
      reason: "bytes that wait for their reader are lost when a connection closes",
      weight: .refused, fixes: [KernelVersion(5, 15, 3), KernelVersion(5, 16)]),
    KernelFault(
      reason: "memory is given back twice, or never, where a message does not fit in it",
      weight: .warned, fixes: [KernelVersion(5, 15, 33), KernelVersion(5, 18)]),
    KernelFault(
      reason: "a socket may be freed while a message of several parts is still being sent to it",
      weight: .warned, fixes: [KernelVersion(5, 15, 86), KernelVersion(6, 1)]),
    KernelFault(
      reason: "closing a socket may overflow the kernel's stack, and so end the node",
      weight: .warned,
      fixes: [KernelVersion(5, 15, 95), KernelVersion(6, 1, 13), KernelVersion(6, 2)]),
    KernelFault(
      reason: "two CPUs that change a sockhash may wait for each other for ever",
      weight: .warned,
      fixes: [KernelVersion(5, 15, 126), KernelVersion(6, 1, 45), KernelVersion(6, 5)]),
    KernelFault(
      reason: "a socket that closes while bytes come in may be used after it was freed",
      weight: .warned,
      fixes: [
        KernelVersion(5, 15, 162), KernelVersion(6, 1, 95), KernelVersion(6, 6, 69),
        KernelVersion(6, 10),
      ]),
    KernelFault(
      reason: "a send that runs out of memory may report a wrong count (CVE-2024-46783)",
      weight: .warned,
      fixes: [
        KernelVersion(5, 15, 167), KernelVersion(6, 1, 110), KernelVersion(6, 6, 69),
        KernelVersion(6, 10, 10), KernelVersion(6, 11),
      ]),
    KernelFault(
      reason: "memory of a message that is sent in parts is counted wrongly (CVE-2024-56633)",
      weight: .warned,
      fixes: [
        KernelVersion(5, 15, 174), KernelVersion(6, 1, 120), KernelVersion(6, 6, 69),
        KernelVersion(6, 12, 5), KernelVersion(6, 13),
      ]),
  ]
}
