package dev.tale.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files written by pyarrow (make_parquet.py), each with the same rows as JSON Lines beside it. */
class ParquetTableTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"arc", "boolq", "mmlu", "values"})
  void rowsAreThoseOfTheJsonLines(String name) throws IOException {
    List<DataRow> rows = DataFile.read(resource(name + ".parquet"));
    List<DataRow> expected = DataFile.read(resource(name + ".jsonl"));
    assertThat(fields(rows)).isEqualTo(fields(expected));
    assertThat(rows.get(rows.size() - 1).place()).isEqualTo("row " + rows.size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no-rows | holds no rows
          same-names | The column "A" has the name of another but for its case
          bytes | The column "image" is binary, not text
          not-a-number | row 2: Unusable, near column 14: NaN is no number
          deep | nested deeper than the limit of 16 groups
          """)
  void whatWouldNotComeOutAsItWentInIsRefused(String name, String problem) {
    assertThatThrownBy(() -> DataFile.read(resource(name + ".parquet")))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void aNameIsNoPattern() throws IOException {
    Path named = folder.resolve("arc[1] it's.parquet");
    Files.copy(resource("arc.parquet"), named);
    Files.copy(resource("boolq.parquet"), folder.resolve("arc1 it's.parquet"));
    assertThat(fields(DataFile.read(named)))
        .isEqualTo(fields(DataFile.read(resource("arc.jsonl"))));
  }

  @Test
  void aFolderIsNoColumn() throws IOException {
    Path named = Files.createDirectory(folder.resolve("split=test")).resolve("arc.parquet");
    Files.copy(resource("arc.parquet"), named);
    assertThat(DataFile.read(named).get(0).fields().has("split")).isFalse();
  }

  @Test
  void damagedFilesAreRefusedOrRead() throws IOException {
    byte[] sound = Files.readAllBytes(resource("arc.parquet"));
    Random random = new Random(7);
    Path file = folder.resolve("damaged.parquet");
    for (int i = 0; i < 20; i++) {
      byte[] damaged =
          Arrays.copyOf(sound, i % 2 == 0 ? sound.length : random.nextInt(sound.length));
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      readOrRefuse(file);
    }
  }

  private static void readOrRefuse(Path file) throws IOException {
    try {
      assertThat(DataFile.read(file)).isNotEmpty();
    } catch (DataFormatException e) {
      assertThat(e).hasMessageStartingWith(file.toString());
    }
  }

  @Test
  void anotherFileSystemIsRefused() throws IOException {
    try (FileSystem zip =
        FileSystems.newFileSystem(folder.resolve("files.zip"), Map.of("create", "true"))) {
      Path inside = zip.getPath("/arc.parquet");
      Files.copy(resource("arc.parquet"), inside);
      assertThatThrownBy(() -> DataFile.read(inside))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("default file system");
    }
  }

  @Test
  void withoutDuckDbTheDependencyIsNamed() throws Exception {
    Path file = resource("arc.parquet");
    Class<?> dataFile = new WithoutDuckDb().loadClass(DataFile.class.getName());
    assertThat(dataFile).isNotSameAs(DataFile.class);
    assertThatThrownBy(() -> dataFile.getMethod("read", Path.class).invoke(null, file))
        .isInstanceOf(InvocationTargetException.class)
        .cause()
        .isInstanceOf(FileSystemException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining("org.duckdb:duckdb_jdbc");
  }

  /** Has its own classes of Tale, which do not see DuckDB. */
  private static final class WithoutDuckDb extends ClassLoader {
    WithoutDuckDb() {
      super(ParquetTableTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("org.duckdb.")) {
        throw new ClassNotFoundException(name);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null || !name.startsWith("dev.tale.")) {
        return loaded == null ? super.loadClass(name, resolve) : loaded;
      }
      byte[] bytes = bytes(name);
      return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        return in.readAllBytes();
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private static List<ObjectNode> fields(List<DataRow> rows) {
    return rows.stream().map(DataRow::fields).toList();
  }

  private static Path resource(String name) {
    try {
      return Path.of(ParquetTableTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
