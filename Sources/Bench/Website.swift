private import Linux

/// What nginx serves: one page of each size, named by it.
struct Website {
  let directory: String
  /// Address and port, or `unix:` and a path.
  let listen: String
  /// Bytes.
  let sizes: [Int]

  /// Path of nginx's configuration.
  var configuration: String { "\(directory)/conf" }

  /// Writes it all. Throws ``BenchError``.
  func make() throws(BenchError) {
    try system { () throws(LinuxError) in
      try makeDirectory(directory)
      for size in sizes {
        try writeText(String(repeating: "x", count: size), toNew: "\(directory)/\(size)")
      }
      try writeText(text, toNew: configuration)
    }
  }

  private var text: String {
    """
    daemon off;
    master_process off;
    pid \(directory)/pid;
    error_log stderr crit;
    events { worker_connections 1024; }
    http {
      access_log off;
      sendfile on;
      keepalive_requests 1000000000;
      client_body_temp_path \(directory)/body;
      proxy_temp_path \(directory)/proxy;
      fastcgi_temp_path \(directory)/fastcgi;
      uwsgi_temp_path \(directory)/uwsgi;
      scgi_temp_path \(directory)/scgi;
      server {
        listen \(listen) backlog=1024;
        root \(directory);
      }
    }

    """
  }
}
