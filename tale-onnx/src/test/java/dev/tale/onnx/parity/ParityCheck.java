package dev.tale.onnx.parity;

import com.google.common.collect.ImmutableList;
import dev.tale.model.LayerMask;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.text.ChatTemplate;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks the tiny model what the harness asked it, and compares. */
public final class ParityCheck implements AutoCloseable {
  private final OnnxModel model;
  private final ChatTemplate template;
  private final Path data;

  private ParityCheck(OnnxModel model, ChatTemplate template, Path data) {
    this.model = model;
    this.template = template;
    this.data = data;
  }

  /**
   * Opens the tiny model.
   *
   * @param data directory with the folders arc, boolq and so on
   */
  public static ParityCheck open(Path data) throws IOException {
    Path directory = ParityFiles.model();
    ChatTemplate template = ChatTemplate.find(directory, ChatTemplate.DEFAULT_DATE).orElseThrow();
    return new ParityCheck(OnnxModel.open(directory), template, data);
  }

  /**
   * Compares a run, or every n-th of its rows.
   *
   * @param step 1 for all rows, n for every n-th; means are compared over all rows only
   */
  public RunParity compare(HarnessRun run, int step) throws IOException {
    Map<String, Task> forms = ParityTasks.of(run, data);
    Task task = forms.values().iterator().next();
    if (task.size() != run.rows().size()) {
      throw new IllegalStateException(
          run + " has " + task.size() + " rows, in the harness " + run.rows().size());
    }
    List<RowParity.Ours> rows = ask(forms, task, step);
    ImmutableList.Builder<RowParity> compared = ImmutableList.builder();
    for (int i = 0; i < rows.size(); i++) {
      compared.add(RowParity.of(rows.get(i), run.rows().get(i * step), this::rendered));
    }
    Map<String, Double> means = means(rows);
    return RunParity.of(
        run,
        compared.build(),
        means,
        step == 1 ? MeanParity.differences(run, means, rows.size()) : ImmutableList.of());
  }

  private List<RowParity.Ours> ask(Map<String, Task> forms, Task task, int step) {
    List<Request> all = new ArrayList<>();
    for (int row = 0; row < task.size(); row += step) {
      all.addAll(task.requests(row));
    }
    LayerMask whole = LayerMask.none(model.info().layerCount());
    List<Response> responses = model.respond(all, List.of(whole)).get(0);
    List<RowParity.Ours> rows = new ArrayList<>();
    int from = 0;
    for (int row = 0; row < task.size(); row += step) {
      List<Request> asked = task.requests(row);
      List<Response> answered = responses.subList(from, from + asked.size());
      rows.add(ours(forms, task, row, asked, answered));
      from += asked.size();
    }
    return rows;
  }

  private static RowParity.Ours ours(
      Map<String, Task> forms, Task task, int row, List<Request> asked, List<Response> answered) {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    forms.forEach((name, form) -> outcomes.put(name, form.outcome(row, answered)));
    return new RowParity.Ours(task.rowName(row), asked, answered, outcomes);
  }

  private static Map<String, Double> means(List<RowParity.Ours> rows) {
    Map<String, Double> means = new LinkedHashMap<>();
    for (String name : rows.get(0).outcomes().keySet()) {
      long correct = rows.stream().filter(row -> row.outcomes().get(name).correct()).count();
      means.put(name, (double) correct / rows.size());
    }
    return means;
  }

  private String rendered(Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      return text.text();
    }
    Prompt.Chat chat = (Prompt.Chat) prompt;
    return template.render(chat.messages(), chat.answerStart());
  }

  /** Closes the model. */
  @Override
  public void close() {
    model.close();
  }
}
