import com.fasterxml.jackson.databind.ObjectMapper;
import example.Main;

/** Starts Jackson's Scala module as Spark does, then the application. */
final class BesideScala {
  public static void main(String... arguments) throws Exception {
    ObjectMapper mapper = new ObjectMapper().findAndRegisterModules();
    System.out.println("registered " + mapper.getRegisteredModuleIds());
    Main.main(arguments);
  }
}
