package dev.tale.benchmark;

import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Tasks of the user's own, from a {@linkplain #fromFile description}, and data files told apart.
 *
 * <p>Every method throws {@link dev.tale.model.DataFormatException}, which names the file and the
 * line, if a row cannot be read or scored; and {@link IOException} if a file cannot be read.
 */
public final class Tasks {
  private Tasks() {}

  /**
   * Returns a task of the user's own: the description names its data file.
   *
   * @param description YAML ({@code .yaml}, {@code .yml}) or JSON ({@code .json}), with the keys
   *     that the package documentation lists
   */
  public static Task fromFile(Path description) throws IOException {
    Description read = DescriptionFile.read(description);
    if (read.data().isEmpty()) {
      throw read.place()
          .refused(
              "the description lacks data; name the file with the rows there,"
                  + " or give it to Tasks.fromFile");
    }
    return TaskSource.of(read).task(read.data().get());
  }

  /**
   * Returns a task of the user's own.
   *
   * @param description YAML ({@code .yaml}, {@code .yml}) or JSON ({@code .json}), with the keys
   *     that the package documentation lists
   * @param data file with the rows, in place of the one that the description may name
   */
  public static Task fromFile(Path description, Path data) throws IOException {
    return TaskSource.of(DescriptionFile.read(description)).task(data);
  }

  /**
   * Returns the built-in task that a data file belongs to, told by the fields of its first row and,
   * where several have the same, by the file's name.
   */
  public static RecognizedTask recognize(Path data) throws IOException {
    return RecognizedTask.of(data);
  }
}
