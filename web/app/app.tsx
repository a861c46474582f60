import { Route, Switch } from 'wouter';

import { AllowedPage } from './allowed-page.tsx';
import { NotFound } from '../parts/not-found.tsx';
import { SessionGate } from './session-gate.tsx';
import { PAGES } from './pages.ts';
import { Shell } from './shell.tsx';

/** The page that the address names, within the shell unless it is a public one. */
export function App() {
  return (
    <Switch>
      {PAGES.filter(({ access }) => access === 'public').map(({ path, component }) => (
        <Route key={path} path={path} component={component} />
      ))}
      <Route>
        <SessionGate>
          <Shell>
            <Switch>
              {PAGES.map((page) => (
                <Route key={page.path} path={page.path}>
                  <AllowedPage page={page} />
                </Route>
              ))}
              <Route>
                <NotFound />
              </Route>
            </Switch>
          </Shell>
        </SessionGate>
      </Route>
    </Switch>
  );
}
