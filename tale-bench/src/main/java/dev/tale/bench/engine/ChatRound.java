package dev.tale.bench.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.benchmark.Benchmark;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Progress;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.onnx.OnnxModel;
import dev.tale.report.Report;
import dev.tale.search.Greedy;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * ARC-Easy as the TALE paper asks it, in conversations whose answer is generated: one greedy round,
 * exact, and a search that races, with their seconds; and the conversations, so that another
 * program can ask the same ({@code released_chat.py}).
 */
public final class ChatRound {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ChatRound() {}

  /** Searches on the first rows of a file, and writes the figures to another. */
  public static void run(Path model, Path data, int rows, int most, Path out) throws IOException {
    Task task = Benchmark.ARC_EASY.chat().task(data).slice(0, rows);
    ObjectNode root = JSON.createObjectNode();
    conversations(task, root.putArray("rows"));
    try (OnnxModel opened = OnnxModel.open(model)) {
      root.put("layers", opened.info().layerCount());
      search(opened, task, SearchStrategy.greedy().scoringAll(), 1); // warms up
      root.set("round", search(opened, task, SearchStrategy.greedy().scoringAll(), 1));
      root.set("exact", search(opened, task, SearchStrategy.greedy(), most));
      root.set("racing", search(opened, task, SearchStrategy.greedy().racing(0.05, 0.02), most));
    }
    Files.writeString(out, root.toPrettyString() + "\n");
  }

  private static void conversations(Task task, ArrayNode rows) {
    for (int row = 0; row < task.size(); row++) {
      Request.Generation request = (Request.Generation) task.requests(row).get(0);
      Prompt.Chat chat = (Prompt.Chat) request.prompt();
      ObjectNode node = rows.addObject();
      node.put("answerStart", chat.answerStart()).put("tokens", request.maxNewTokens());
      ArrayNode messages = node.putArray("messages");
      chat.messages()
          .forEach(
              message ->
                  messages
                      .addObject()
                      .put("role", message.role())
                      .put("content", message.content()));
    }
  }

  private static ObjectNode search(OnnxModel model, Task task, Greedy strategy, int most)
      throws IOException {
    PruneResult result =
        Tale.pruner()
            .strategy(strategy.removingAtMost(most))
            .withoutLatency()
            .listener(Progress.none())
            .prune(model, task);
    Report report = result.report();
    ObjectNode node = JSON.createObjectNode();
    node.put("seconds", result.elapsed().toMillis() / 1e3);
    node.put("layerForwards", report.selectionWork().layerForwards());
    node.put("naiveLayerForwards", report.selectionWork().naiveLayerForwards());
    ArrayNode path = node.putArray("path");
    report.path().forEach(each -> add(path, each));
    ArrayNode first = node.putArray("candidates");
    List<Configuration> candidates = report.trajectory().rounds().get(0).candidates();
    candidates.forEach(each -> add(first, each));
    return node;
  }

  private static void add(ArrayNode list, Configuration configuration) {
    ObjectNode node = list.addObject().put("correct", configuration.score().correct());
    configuration.mask().removed().forEach(node.putArray("removed")::add);
  }
}
