package dev.tale.onnx.folder;

import com.google.common.collect.ImmutableMap;
import com.google.protobuf.ByteString;
import dev.tale.onnx.graph.OnnxGraph;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files beside a graph that count for a pruned model, held from open on: settings that are
 * written anew and files that are copied. What becomes of them on disk afterwards changes nothing.
 *
 * @param directory where they are
 * @param byName by name, relative to the directory, with slashes
 */
record SideFiles(Path directory, ImmutableMap<String, SideFile> byName) {
  /** Files that nobody reads here are held up to so many bytes in all. */
  private static final long HELD = SideFile.LARGE;

  /**
   * Reads them.
   *
   * @throws dev.tale.model.ModelFormatException if one is no file, a Git LFS pointer, or a link
   *     that leads out of the directory and of the cache of Hugging Face that it lies in
   * @throws IOException if one cannot be read
   */
  static SideFiles read(Path directory, OnnxGraph graph) throws IOException {
    OtherFiles others = new OtherFiles(directory, graph);
    SideFiles top = new SideFiles(directory, read(directory, others.atTop()));
    ImmutableMap.Builder<String, SideFile> all = ImmutableMap.builder();
    all.putAll(top.byName());
    for (Path folder : new ModuleFolders(top).find()) {
      all.putAll(read(directory, others.settingsIn(folder)));
    }
    return new SideFiles(directory, all.buildOrThrow());
  }

  private static ImmutableMap<String, SideFile> read(Path directory, List<Path> files)
      throws IOException {
    Links links = Links.of(directory);
    ImmutableMap.Builder<String, SideFile> read = ImmutableMap.builder();
    long room = HELD;
    for (Path file : files) {
      links.check(file);
      boolean isSetting = OtherFiles.isRead(file.getFileName().toString());
      SideFile found = SideFile.read(file, isSetting ? SideFile.LARGE : room);
      room -= isSetting ? 0 : found.bytes().map(ByteString::size).orElse(0);
      read.put(name(directory, file), found);
    }
    return read.buildOrThrow();
  }

  private static String name(Path directory, Path file) {
    return directory.relativize(file).toString().replace(File.separatorChar, '/');
  }

  /** Returns a file by name, if it was there. */
  Optional<SideFile> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Copies those that are not written anew. */
  void copyTo(Path target) throws IOException {
    for (Map.Entry<String, SideFile> file : byName.entrySet()) {
      if (!WrittenFiles.include(file.getKey())) {
        Path copy = target.resolve(file.getKey());
        Files.createDirectories(copy.getParent());
        file.getValue().copyTo(copy);
      }
    }
  }

  /**
   * Checks that nothing has touched the files since they were read.
   *
   * @throws dev.tale.model.ModelFormatException with the file that was touched
   */
  void requireUntouched() throws IOException {
    for (SideFile file : byName.values()) {
      file.requireUntouched();
    }
  }
}
