private import CLibBPF
private import Glibc
public import Linux

/// An ELF file of programs and maps, opened and then loaded by libbpf.
public struct BPFObject: ~Copyable {
  private let handle: ObjectHandle
  private let name: String

  /// Reads the file from memory; `words` is 8-byte aligned and padded.
  ///
  /// Throws ``BPFError``. The corresponding C function is `bpf_object__open_mem`.
  public init(words: [UInt64], byteCount: Int, name: String) throws(BPFError) {
    BPFLog.silence()
    let opened = unsafe words.withUnsafeBytes { buffer in
      unsafe bpf_object__open_mem(buffer.baseAddress, byteCount, nil)
    }
    let code = errno
    guard let opened = unsafe opened else {
      throw BPFError(operation: "bpf_object__open_mem", subject: name, code: code)
    }
    handle = unsafe ObjectHandle(owning: opened)
    self.name = name
  }

  /// Sizes a map before it is loaded.
  public borrowing func setCapacity(_ entries: Int, ofMap map: String) throws(BPFError) {
    let map = try unsafe self.map(named: map)
    try check("bpf_map__set_max_entries", name) {
      unsafe bpf_map__set_max_entries(map, UInt32(entries))
    }
  }

  /// Chooses whether a program is loaded with the rest.
  public borrowing func setAutoload(_ isLoaded: Bool, ofProgram program: String) throws(BPFError) {
    let program = try unsafe self.program(named: program)
    try check("bpf_program__set_autoload", name) {
      unsafe bpf_program__set_autoload(program, isLoaded)
    }
  }

  /// Makes the maps and has the kernel verify the programs.
  ///
  /// Throws ``BPFError``. The corresponding C function is `bpf_object__load`.
  public borrowing func load() throws(BPFError) {
    let object = unsafe handle.pointer
    try check("bpf_object__load", name) { unsafe bpf_object__load(object) }
  }

  /// A loaded map; the value is independent of this object.
  public borrowing func map<Key: BitwiseCopyable, Value: BitwiseCopyable>(
    _ name: String, key: Key.Type, value: Value.Type
  ) throws(BPFError) -> BPFMap<Key, Value> {
    try BPFMap(owning: try duplicate(mapDescriptor(name), subject: name), name: name)
  }

  /// Has the load take the map pinned at a path if there is one, and else make and pin it.
  ///
  /// The corresponding C function is `bpf_map__set_pin_path`.
  public borrowing func setPin(_ path: String, ofMap map: String) throws(BPFError) {
    let map = try unsafe self.map(named: map)
    try check("bpf_map__set_pin_path", path) { unsafe bpf_map__set_pin_path(map, path) }
  }

  /// Has a message program judge what sockets of a sockhash send, as long as the map is held.
  ///
  /// The corresponding C function is `bpf_prog_attach` with `BPF_SK_MSG_VERDICT`.
  public borrowing func attach(messageProgram: String, toMap map: String) throws(BPFError) {
    let (program, map) = (try programDescriptor(messageProgram), try mapDescriptor(map))
    try check("bpf_prog_attach", messageProgram) {
      bpf_prog_attach(program, map, BPF_SK_MSG_VERDICT, 0)
    }
  }

  /// Attaches a program to a cgroup beside others that may be there (`BPF_F_ALLOW_MULTI`).
  ///
  /// The corresponding C function is `bpf_link_create` with `BPF_CGROUP_SOCK_OPS`.
  public borrowing func attach(
    socketOperations program: String, to cgroup: ControlGroup
  ) throws(BPFError) -> BPFLink {
    let program = try programDescriptor(program)
    let directory: Descriptor
    do throws(LinuxError) {
      directory = try Descriptor.open(cgroup.path)
    } catch {
      throw BPFError(error)
    }
    let target = directory.rawValue
    let link = try check("bpf_link_create", cgroup.path) {
      bpf_link_create(program, target, BPF_CGROUP_SOCK_OPS, nil)
    }
    return BPFLink(owning: Descriptor(owning: link))
  }

  /// Runs a program for each element of a map, whenever the iterator is read.
  ///
  /// The corresponding C function is `bpf_link_create` with `BPF_TRACE_ITER`.
  public borrowing func iterate<Key, Value>(
    _ program: String, over map: borrowing BPFMap<Key, Value>
  ) throws(BPFError) -> BPFIterator {
    let program = try programDescriptor(program)
    var information = bpf_iter_link_info()
    unsafe information.map.map_fd = UInt32(map.descriptor.rawValue)
    let size = UInt32(MemoryLayout<bpf_iter_link_info>.size)
    let link = try check("bpf_link_create", map.name) {
      unsafe withUnsafeMutablePointer(to: &information) { pointer in
        var options = unsafe bpf_link_create_opts()
        unsafe options.sz = MemoryLayout<bpf_link_create_opts>.size
        unsafe options.iter_info = pointer
        unsafe options.iter_info_len = size
        return unsafe bpf_link_create(program, 0, BPF_TRACE_ITER, &options)
      }
    }
    return BPFIterator(owning: Descriptor(owning: link), name: map.name)
  }

  /// Runs a program for each element of what its section names, such as the TCP sockets of the
  /// network namespace that the reading thread is in, whenever the iterator is read.
  ///
  /// The corresponding C function is `bpf_link_create` with `BPF_TRACE_ITER`.
  public borrowing func iterate(_ program: String) throws(BPFError) -> BPFIterator {
    let descriptor = try programDescriptor(program)
    let link = try check("bpf_link_create", program) {
      bpf_link_create(descriptor, 0, BPF_TRACE_ITER, nil)
    }
    return BPFIterator(owning: Descriptor(owning: link), name: program)
  }

  /// Puts a program of this object in the place of the one that a link attaches, at once.
  ///
  /// The corresponding C function is `bpf_link_update`.
  public borrowing func replaceProgram(
    of link: borrowing BPFLink, with program: String
  ) throws(BPFError) {
    try link.update(toProgram: try programDescriptor(program))
  }

  private borrowing func mapDescriptor(_ map: String) throws(BPFError) -> CInt {
    let map = try unsafe self.map(named: map)
    return try check("bpf_map__fd", name) { unsafe bpf_map__fd(map) }
  }

  private borrowing func programDescriptor(_ program: String) throws(BPFError) -> CInt {
    let program = try unsafe self.program(named: program)
    return try check("bpf_program__fd", name) { unsafe bpf_program__fd(program) }
  }

  private borrowing func map(named map: String) throws(BPFError) -> OpaquePointer {
    guard let found = unsafe bpf_object__find_map_by_name(handle.pointer, map) else {
      throw BPFError(operation: "bpf_object__find_map_by_name", subject: map, code: ENOENT)
    }
    return unsafe found
  }

  private borrowing func program(named program: String) throws(BPFError) -> OpaquePointer {
    guard let found = unsafe bpf_object__find_program_by_name(handle.pointer, program) else {
      throw BPFError(operation: "bpf_object__find_program_by_name", subject: program, code: ENOENT)
    }
    return unsafe found
  }
}

private func duplicate(_ file: CInt, subject: String) throws(BPFError) -> Descriptor {
  let copy = fcntl(file, F_DUPFD_CLOEXEC, 3)
  let code = errno
  guard copy != -1 else { throw BPFError(operation: "fcntl", subject: subject, code: code) }
  return Descriptor(owning: copy)
}

/// Owns libbpf's object and closes it.
@safe struct ObjectHandle: ~Copyable {
  let pointer: OpaquePointer

  init(owning pointer: OpaquePointer) {
    unsafe self.pointer = pointer
  }

  deinit {
    unsafe bpf_object__close(pointer)
  }
}
