package dev.tale.onnx.text;

/**
 * Keeps DJL to itself. Without settings it reports its use to its makers from machines in their
 * cloud, and downloads a native library where it sees a CUDA device. Both are asked off, before its
 * first use, by system properties, unless the embedding program has set the same thing itself, as a
 * property or in the environment.
 *
 * <p>Implementation note: {@code ai.djl.offline} would stop both as well, but it would also stop
 * every download that the embedding program wants from DJL. These two stop only what Tale never
 * wants: {@code OPT_OUT_TRACKING} is read before the report, {@code RUST_FLAVOR=cpu} selects the
 * native library in the jar.
 */
final class DjlSettings {
  private DjlSettings() {}

  static void keepOffline() {
    setUnlessSet("OPT_OUT_TRACKING", "true");
    setUnlessSet("RUST_FLAVOR", "cpu");
  }

  static void setUnlessSet(String name, String value) {
    if (System.getenv(name) == null && System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }
}
