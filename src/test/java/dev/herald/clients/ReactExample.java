package dev.herald.clients;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

import com.microsoft.playwright.Page;

/**
 * The hook of the page on clients in a component, in React's strict mode, which mounts it twice. React has no modules for
 * browsers, so its files are given a {@code require}.
 */
final class ReactExample {
    private ReactExample() {}

    /** Runs it in a browser's page. There, {@code received} is what the component shows, and {@code live} the first block. */
    static void run(Page page, String origin, String topic) throws IOException {
        page.evaluate("""
                    () => {
                        const Native = EventSource;
                        window.EventSource = class extends Native {
                            constructor(...of) {
                                super(...of);
                                this.addEventListener('message', ({ data }) => (window.live ||= data === '{}'));
                            }
                        };
                        Object.defineProperty(window, 'received', {
                            get: () => [...document.querySelectorAll('#updates li')].map(item => item.textContent),
                        });
                        window.process = { env: { NODE_ENV: 'development' } };
                        window.modules = {};
                        window.require = name => modules[name];
                    }""");
        Map<String, String> files = new LinkedHashMap<>();
        files.put("react", "react/cjs/react.development.js");
        files.put("scheduler", "scheduler/cjs/scheduler.development.js");
        files.put("react-dom", "react-dom/cjs/react-dom.development.js");
        files.put("react-dom/client", "react-dom/cjs/react-dom-client.development.js");
        for (Map.Entry<String, String> file : files.entrySet()) {
            page.evaluate("() => { const exports = {}; const module = { exports };" + Node.source(file.getValue())
                    + "\nmodules['" + file.getKey() + "'] = module.exports; }");
        }
        String hook = ClientsPage.code("React", "jsx", origin, "")
                .replaceFirst("import (\\{.*}) from ('react');", "const $1 = require($2);")
                .replace("export function", "function");
        page.evaluate("""
                    topic => {
                        HOOK
                        const { createElement, StrictMode } = require('react');
                        const Updates = () =>
                            createElement('ol', { id: 'updates' },
                                useUpdates(topic).map((data, index) => createElement('li', { key: index }, data)));
                        const root = document.body.appendChild(document.createElement('div'));
                        require('react-dom/client').createRoot(root).render(
                            createElement(StrictMode, null, createElement(Updates)));
                    }""".replace("HOOK", hook), topic);
    }
}
