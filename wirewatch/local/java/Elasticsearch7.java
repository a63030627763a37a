package wirewatch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.mapper.MapperExtrasPlugin;

import org.elasticsearch.join.ParentJoinPlugin;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.percolator.PercolatorPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.reindex.ReindexPlugin;
import org.elasticsearch.script.mustache.MustachePlugin;
import org.elasticsearch.search.aggregations.matrix.MatrixAggregationPlugin;
import org.elasticsearch.transport.Netty4Plugin;

/**
 * An Elasticsearch 7.17 node with its plugins on the class path.
 *
 * <p>Usage: {@code java wirewatch.Elasticsearch7 HOME}, settings in {@code HOME/config/elasticsearch.yml}.
 */
public final class Elasticsearch7 extends Node {
    private static final List<Class<? extends Plugin>> PLUGINS =
            List.of(
                    Netty4Plugin.class,
                    PercolatorPlugin.class,
                    ReindexPlugin.class,
                    ParentJoinPlugin.class,
                    MustachePlugin.class,
                    MapperExtrasPlugin.class,
                    MatrixAggregationPlugin.class,
                    LanguageAnalysis.class);

    private Elasticsearch7(Environment environment) {
        super(environment, PLUGINS, false);
    }

    public static void main(String[] args) throws Exception {
        Settings home = Settings.builder().put("path.home", Path.of(args[0]).toString()).build();
        Environment environment =
                InternalSettingsPreparer.prepareEnvironment(home, Map.of(), null, () -> "local");
        Node node = new Elasticsearch7(environment);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node), "shutdown"));
        node.start();
        new CountDownLatch(1).await();
    }

    private static void close(Node node) {
        try {
            node.close();
        } catch (IOException failure) {
            failure.printStackTrace();
        }
    }
}
