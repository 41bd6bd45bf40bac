private import Glibc

/// Never waits: a FIFO without a writer is opened at once.
let openForReading = O_RDONLY | O_NONBLOCK | O_NOCTTY
let openDirectory = O_RDONLY | O_DIRECTORY
let fileTooBig = EFBIG
let notFound = ENOENT
let notSupported = [EINVAL, ENOSYS, EOPNOTSUPP]
let alreadyExists = EEXIST
