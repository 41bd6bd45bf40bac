import Datapath

/// Testing has a type of this name, too.
typealias Attachment = Datapath.Attachment
