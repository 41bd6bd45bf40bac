private import BPF

extension Registry {
  /// How many attachments are registered, and how many could be. Throws ``DatapathError``.
  public borrowing func occupancy() throws(DatapathError) -> (used: Int, capacity: Int) {
    try datapath { () throws(BPFError) in
      (used: try attachments.keys().count, capacity: try attachments.capacity())
    }
  }
}
