package dev.tale.onnx.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import dev.tale.onnx.graph.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The folders with the settings of what follows an encoder, such as {@code 1_Pooling}: {@code
 * modules.json} of sentence-transformers names them. The transformer itself is none of them, for
 * its settings are adjusted.
 *
 * @param files among which modules.json may be
 */
record ModuleFolders(SideFiles files) {
  private static final String NAME = "modules.json";

  private static final Pattern PLAIN = Pattern.compile("(?!\\.)[\\w. -]+");

  /**
   * Finds those that exist: a module without settings has none.
   *
   * @throws dev.tale.model.ModelFormatException if a path is anything but the name of a folder here
   */
  ImmutableSet<Path> find() throws IOException {
    Optional<SideFile> modules = files.find(NAME);
    if (modules.isEmpty()) {
      return ImmutableSet.of();
    }
    Source source = modules.get().source();
    ImmutableSet.Builder<Path> folders = ImmutableSet.builder();
    for (JsonNode module : JsonFile.readArray(modules.get())) {
      String path = module.path("path").asText();
      if (path.isEmpty() || module.path("type").asText().endsWith(".Transformer")) {
        continue;
      }
      Path folder = folder(source, path);
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        folders.add(folder);
      }
    }
    return folders.build();
  }

  private Path folder(Source source, String path) throws IOException {
    Path directory = files.directory();
    Path folder = PLAIN.matcher(path).matches() ? directory.resolve(path) : directory;
    boolean isOther =
        Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
            && !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
    if (folder.equals(directory) || isOther) {
      throw source.malformed(
          "has a module with path \""
              + path
              + "\"; only the name of a folder in the model's directory is allowed");
    }
    return folder;
  }
}
