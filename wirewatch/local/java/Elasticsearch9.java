package org.elasticsearch.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.plugins.ClassPathPlugins;
import org.elasticsearch.plugins.PluginsLoader;
import org.elasticsearch.plugins.PluginsService;
import org.elasticsearch.transport.netty4.Netty4Plugin;
import wirewatch.LanguageAnalysis;

/**
 * An Elasticsearch 9 node with its plugins on the class path.
 *
 * <p>Usage: {@code java org.elasticsearch.node.Elasticsearch9 HOME}, settings in {@code
 * HOME/config/elasticsearch.yml}. In this package because only here can a node be given its plugins.
 */
public final class Elasticsearch9 {
    private Elasticsearch9() {}

    public static void main(String[] args) throws Exception {
        Settings home = Settings.builder().put("path.home", Path.of(args[0]).toString()).build();
        Environment environment =
                InternalSettingsPreparer.prepareEnvironment(home, Map.of(), null, () -> "local");
        LogConfigurator.configureESLogging();
        PluginsLoader none = ClassPathPlugins.none();
        Node node = new Node(NodeConstruction.prepareConstruction(environment, none, new Provider(), true));
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

    private static final class Provider extends NodeServiceProvider {
        @Override
        PluginsService newPluginService(Environment environment, PluginsLoader loader) {
            return new ClassPathPlugins(
                    environment, loader, List.of(new Netty4Plugin(), new LanguageAnalysis()));
        }
    }
}
