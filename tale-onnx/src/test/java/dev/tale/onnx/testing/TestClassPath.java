package dev.tale.onnx.testing;

import java.io.File;
import java.nio.file.Path;

/** The classes of the tests for processes of their own, whichever way the tests were started. */
public final class TestClassPath {
  private TestClassPath() {}

  /** The class path: of Maven's tests the module path is a part. */
  public static String get() {
    return String.join(
        File.pathSeparator,
        Path.of("target", "test-classes").toAbsolutePath().toString(),
        System.getProperty("jdk.module.path", ""),
        System.getProperty("java.class.path"));
  }
}
