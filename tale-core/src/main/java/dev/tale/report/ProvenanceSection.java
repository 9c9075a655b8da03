package dev.tale.report;

import dev.tale.journal.Work;
import dev.tale.task.DataSplit;
import java.util.OptionalLong;

/** Where the result comes from and what it cost. */
final class ProvenanceSection {
  private ProvenanceSection() {}

  static Section of(ReportContent content) {
    return Section.of("provenance", "Where this comes from")
        .say(
            "The same model, rows and settings give the same figures on one machine; report.json"
                + " holds what a later run needs to say what differs.")
        .show(origin(content.provenance()))
        .show(cost(content.report()));
  }

  private static Table origin(Provenance from) {
    Table table =
        Table.of("Provenance", "what", "value")
            .row("Tale", from.taleVersion())
            .row("model", from.model().name())
            .row("model SHA-256", from.model().contentHash())
            .row(
                "layers",
                from.model().layerCount() + " of granularity " + from.model().granularity())
            .row("runtime", from.model().runtime());
    table = rows(table, "selection", from.selection());
    table =
        from.heldOut().isPresent()
            ? rows(table, "held-out", from.heldOut().get())
            : table.row("held-out rows", "none");
    for (GuardSummary guard : from.guards()) {
      table = table.row("guard, may lose " + guard.maxDrop(), text(guard.task()));
    }
    return table
        .row("strategy", from.strategy())
        .row("lowest accuracy accepted", from.floor())
        .row("budget", budget(from.budget()))
        .row("trade-off", from.tradeOff())
        .row("Java", from.java())
        .row("operating system", from.operatingSystem());
  }

  private static String budget(OptionalLong budget) {
    return budget.isEmpty()
        ? "none"
        : Figures.format("%,d", budget.getAsLong()) + " layer-forwards";
  }

  private static Table rows(Table table, String kind, TaskSetSummary tasks) {
    Table more = table;
    for (TaskSummary task : tasks.tasks()) {
      more = more.row(kind + " rows", text(task));
    }
    return tasks.isWeighted() ? more.row(kind + " weights", tasks.weights().toString()) : more;
  }

  private static String text(TaskSummary task) {
    return task.rows()
        + " rows of "
        + task.name()
        + ", "
        + task.metric()
        + (task.dataSplit() == DataSplit.UNSPECIFIED ? "" : ", split " + task.dataSplit())
        + ", SHA-256 "
        + task.contentHash();
  }

  private static Table cost(Report report) {
    Table table =
        Table.of("Cost of the search", "rows", "rows times masks", "of", "layer-forwards", "of");
    table = row(table, "selection, " + report.evaluations() + " masks", report.selectionWork());
    if (!report.heldOut().isEmpty()) {
      table = row(table, "held-out", report.heldOutWork());
    }
    for (GuardScores guard : report.guards()) {
      table = row(table, "guard " + guard.guard().task().name(), guard.work());
    }
    return table;
  }

  private static Table row(Table table, String rows, Work work) {
    return table.row(
        rows,
        Figures.format("%,d", work.rowEvaluations()),
        Figures.format("%,d", work.naiveRowEvaluations()),
        Figures.format("%,d", work.layerForwards()),
        Figures.format("%,d", work.naiveLayerForwards()));
  }
}
