package dev.tale.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What was written reads back; what was damaged reads as rows or is refused, and nothing else. */
class DataFilePropertyTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int DAMAGES = 5;
  private static Path folder;

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("data-file");
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Property(tries = 60)
  void jsonLinesReadBack(
      @ForAll("rows") List<ObjectNode> rows, @ForAll("lineEnds") String lineEnd, @ForAll long seed)
      throws IOException {
    String text = rows.stream().map(JsonNode::toString).collect(Collectors.joining(lineEnd));
    List<DataRow> read = readBack("rows.jsonl", text, seed);
    assertThat(read).extracting(DataRow::fields).isEqualTo(rows);
    assertThat(read).extracting(DataRow::place).isEqualTo(places(1, rows.size()));
  }

  @Property(tries = 60)
  void jsonArraysReadBack(@ForAll("rows") List<ObjectNode> rows, @ForAll long seed)
      throws IOException {
    String text = NODES.arrayNode().addAll(rows).toPrettyString();
    assertThat(readBack("rows.json", text, seed)).extracting(DataRow::fields).isEqualTo(rows);
  }

  @Property(tries = 60)
  void csvReadsBack(
      @ForAll("table") List<List<String>> table,
      @ForAll("separators") char separator,
      @ForAll long seed)
      throws IOException {
    StringWriter text = new StringWriter();
    try (CsvWriter writer = CsvWriter.builder().fieldSeparator(separator).build(text)) {
      writer.writeRecord("a", "b", "c");
      table.forEach(writer::writeRecord);
    }
    String name = separator == ',' ? "rows.csv" : "rows.tsv";
    List<DataRow> read = readBack(name, text.toString(), seed);
    assertThat(read.stream().map(row -> values(row.fields())).toList()).isEqualTo(table);
    assertThat(read).extracting(DataRow::place).isEqualTo(csvPlaces(table));
  }

  /** Reads the text, and before that what is left of it after some damages. */
  private static List<DataRow> readBack(String name, String text, long seed) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    Path file = folder.resolve(name);
    Random random = new Random(seed);
    for (int i = 0; i < DAMAGES; i++) {
      Files.write(file, damaged(bytes, random));
      readOrRefuse(file);
    }
    return DataFile.read(Files.write(file, bytes));
  }

  private static void readOrRefuse(Path file) throws IOException {
    try {
      assertThat(DataFile.read(file)).isNotEmpty();
    } catch (DataFormatException e) {
      assertThat(e).hasMessageStartingWith(file.toString());
    }
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    byte[] damaged = bytes.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
    }
    return random.nextBoolean()
        ? damaged
        : java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length + 1));
  }

  private static List<String> values(ObjectNode fields) {
    List<String> values = new ArrayList<>();
    fields.forEach(value -> values.add(value.textValue()));
    return values;
  }

  private static List<String> places(int first, int count) {
    return IntStream.range(first, first + count).mapToObj(line -> "line " + line).toList();
  }

  /** Lines counted in another way than the reader's: by the line ends in the fields before. */
  private static List<String> csvPlaces(List<List<String>> table) {
    List<String> places = new ArrayList<>();
    int line = 2;
    for (List<String> row : table) {
      places.add("line " + line);
      for (String field : row) {
        line += field.replace("\r\n", "\n").replaceAll("[^\r\n]", "").length();
      }
      line++;
    }
    return places;
  }

  @Provide
  Arbitrary<List<ObjectNode>> rows() {
    Arbitrary<JsonNode> scalars =
        Arbitraries.oneOf(
            text().map(NODES::textNode),
            Arbitraries.longs().map(NODES::numberNode).map(DataFilePropertyTest::asRead),
            Arbitraries.bigDecimals().ofScale(9).map(NODES::numberNode),
            Arbitraries.bigIntegers().map(NODES::numberNode).map(DataFilePropertyTest::asRead),
            Arbitraries.of(true, false).map(NODES::booleanNode),
            Arbitraries.just(NODES.nullNode()));
    Arbitrary<JsonNode> values =
        Arbitraries.lazyOf(
            () -> scalars,
            () -> scalars.list().ofMaxSize(4).map(list -> NODES.arrayNode().addAll(list)),
            () -> object(scalars).map(node -> node));
    return object(values).list().ofMinSize(1).ofMaxSize(6);
  }

  private static Arbitrary<ObjectNode> object(Arbitrary<JsonNode> values) {
    return Arbitraries.maps(text(), values)
        .ofMaxSize(4)
        .map(map -> (ObjectNode) NODES.objectNode().setAll(map));
  }

  /** The smallest type that holds a whole number, as the parser chooses it. */
  private static JsonNode asRead(JsonNode number) {
    try {
      return MAPPER.readTree(number.toString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Provide
  Arbitrary<List<List<String>>> table() {
    return text().list().ofSize(3).list().ofMinSize(1).ofMaxSize(6);
  }

  @Provide
  Arbitrary<String> lineEnds() {
    return Arbitraries.of("\n", "\r\n", "\r");
  }

  @Provide
  Arbitrary<Character> separators() {
    return Arbitraries.of(',', '\t');
  }

  /** Unicode text with many of the characters that formats treat as their own. */
  private static Arbitrary<String> text() {
    Arbitrary<String> characters =
        Arbitraries.oneOf(
            Arbitraries.of("\"", ",", "\n", "\r", "\r\n", "\t", "\\", "{", "]", "NA", "", "\uFEFF"),
            Arbitraries.of("\u0000", "\u2028", "\u0085", "\u00E9", "\uD83D\uDE00", "\u0000"),
            Arbitraries.strings().withCharRange('\u0000', '\uD7FF').ofMaxLength(3));
    return characters.list().ofMaxSize(6).map(parts -> String.join("", parts));
  }
}
