package docs;

import dev.tale.PruneResult;
import dev.tale.onnx.OnnxModel;
import dev.tale.task.Example;
import dev.tale.task.Task;
import java.nio.file.Path;
import java.util.List;

/** Names that the Java of the documents uses without declaring them. */
abstract class Prelude {
  OnnxModel model;
  Task task;
  PruneResult result;
  Path modelDirectory;
  Path out;
  Path test;
  Path dev;
  List<Review> reviews;

  record Review(String text, boolean positive) {
    Example toExample() {
      return Example.multipleChoice(text, List.of("False", "True"), positive ? 1 : 0);
    }
  }
}
