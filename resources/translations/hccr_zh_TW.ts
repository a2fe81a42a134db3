<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_TW">
  <context>
    <name>AlphabetButton</name>
    <message>
      <source>Characters</source>
      <translation>字元</translation>
    </message>
    <message>
      <source>Characters to read besides the parts that are checked:</source>
      <translation>除勾選部分外還要辨識的字元：</translation>
    </message>
    <message>
      <source>Digits</source>
      <translation>數字</translation>
    </message>
    <message>
      <source>Kana</source>
      <translation>假名</translation>
    </message>
    <message>
      <source>Letters</source>
      <translation>字母</translation>
    </message>
    <message>
      <source>Own characters</source>
      <translation>自選字元</translation>
    </message>
    <message>
      <source>Own characters…</source>
      <translation>自選字元…</translation>
    </message>
    <message>
      <source>Punctuation</source>
      <translation>標點</translation>
    </message>
    <message>
      <source>Simplified</source>
      <translation>簡體</translation>
    </message>
    <message>
      <source>Traditional</source>
      <translation>繁體</translation>
    </message>
    <message>
      <source>What is read; everything, where nothing is checked</source>
      <translation>辨識範圍；全不勾選時辨識全部</translation>
    </message>
  </context>
  <context>
    <name>CandidateButton</name>
    <message>
      <source>By its shape {alone}, with the text before {together}</source>
      <translation>單看字形 {alone}，結合前文 {together}</translation>
    </message>
    <message>
      <source>It often follows the text before.</source>
      <translation>常跟在前面的文字之後。</translation>
    </message>
    <message>
      <source>No candidate</source>
      <translation>無候選字</translation>
    </message>
    <message>
      <source>Simplified: {form}</source>
      <translation>簡體：{form}</translation>
    </message>
    <message>
      <source>Strokes: {count}</source>
      <translation>筆畫：{count}</translation>
    </message>
    <message>
      <source>Traditional: {form}</source>
      <translation>繁體：{form}</translation>
    </message>
    <message>
      <source>{character}, may follow</source>
      <translation>{character}，可能接著出現</translation>
    </message>
    <message>
      <source>{character}, probability {percent} %</source>
      <translation>{character}，機率 {percent}%</translation>
    </message>
  </context>
  <context>
    <name>Candidates</name>
    <message>
      <source>Likelier candidates</source>
      <translation>更可能的候選</translation>
    </message>
    <message>
      <source>More candidates</source>
      <translation>更多候選</translation>
    </message>
  </context>
  <context>
    <name>CharacterMenu</name>
    <message>
      <source>Add to my names and terms</source>
      <translation>加入我的名稱和術語</translation>
    </message>
    <message>
      <source>Copy “{text}”</source>
      <translation>複製「{text}」</translation>
    </message>
    <message>
      <source>Look it up in the browser</source>
      <translation>在瀏覽器中查</translation>
    </message>
    <message>
      <source>Not this one</source>
      <translation>不是這個</translation>
    </message>
    <message>
      <source>What it means</source>
      <translation>字義</translation>
    </message>
  </context>
  <context>
    <name>Collecting</name>
    <message>
      <source>%v of %m, round {round} of {repeats}, {minutes} min left</source>
      <translation>%v / %m，第 {round} 輪，共 {repeats} 輪，還需 {minutes} 分鐘</translation>
    </message>
    <message>
      <source>Back</source>
      <translation>上一個字</translation>
    </message>
    <message>
      <source>Back to the samples</source>
      <translation>回到樣本</translation>
    </message>
    <message>
      <source>Begin</source>
      <translation>開始</translation>
    </message>
    <message>
      <source>Characters</source>
      <translation>字元</translation>
    </message>
    <message>
      <source>Go on with the session that was left</source>
      <translation>繼續上次未完成的採集</translation>
    </message>
    <message>
      <source>Handwriting pad</source>
      <translation>手寫板</translation>
    </message>
    <message>
      <source>How often each</source>
      <translation>每個字寫幾次</translation>
    </message>
    <message>
      <source>It goes on by itself once the character is recognized; Enter keeps any writing.</source>
      <translation>認出所要的字後會自動繼續；按 Enter 則無論寫成什麼都儲存。</translation>
    </message>
    <message>
      <source>Keep and go on</source>
      <translation>儲存並繼續</translation>
    </message>
    <message>
      <source>Leave for today</source>
      <translation>今天到此為止</translation>
    </message>
    <message>
      <source>My own list or text</source>
      <translation>我自己的字表或文字</translation>
    </message>
    <message>
      <source>Pass over</source>
      <translation>跳過</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>進度</translation>
    </message>
    <message>
      <source>That may be it: Enter keeps it.</source>
      <translation>可能就是這個字：按 Enter 儲存。</translation>
    </message>
    <message>
      <source>The 100 characters that were misread most</source>
      <translation>最常認錯的 100 個字</translation>
    </message>
    <message>
      <source>The 100 most common characters</source>
      <translation>最常用的 100 個字</translation>
    </message>
    <message>
      <source>The 20 characters that were misread most</source>
      <translation>最常認錯的 20 個字</translation>
    </message>
    <message>
      <source>The 50 characters that were misread most</source>
      <translation>最常認錯的 50 個字</translation>
    </message>
    <message>
      <source>The 500 most common characters</source>
      <translation>最常用的 500 個字</translation>
    </message>
    <message>
      <source>This looks like {character}. Enter keeps it all the same, Ctrl+Z takes a stroke back.</source>
      <translation>這看起來像「{character}」。按 Enter 仍照樣儲存，Ctrl+Z 撤回一筆。</translation>
    </message>
    <message>
      <source>What to write</source>
      <translation>寫什麼</translation>
    </message>
    <message>
      <source>Write {character}</source>
      <translation>請寫 {character}</translation>
    </message>
    <message>
      <source>Writer</source>
      <translation>書寫者</translation>
    </message>
    <message>
      <source>{count} writings, about {minutes} min; it may be left and gone on with on another day.</source>
      <translation>共寫 {count} 次，約 {minutes} 分鐘；可以中途離開，改天再繼續。</translation>
    </message>
  </context>
  <context>
    <name>DirectionMenu</name>
    <message>
      <source>All pages: {direction}</source>
      <translation>所有頁：{direction}</translation>
    </message>
    <message>
      <source>As it fits</source>
      <translation>自動</translation>
    </message>
    <message>
      <source>In columns</source>
      <translation>直排</translation>
    </message>
    <message>
      <source>In rows</source>
      <translation>橫排</translation>
    </message>
    <message>
      <source>Lines</source>
      <translation>文字方向</translation>
    </message>
  </context>
  <context>
    <name>GuideWindow</name>
    <message>
      <source>Guide</source>
      <translation>使用指南</translation>
    </message>
    <message>
      <source>en</source>
      <translation>zh_CN</translation>
    </message>
  </context>
  <context>
    <name>InstallPanel</name>
    <message>
      <source>Command that installs the trainer</source>
      <translation>安裝訓練器的命令</translation>
    </message>
    <message>
      <source>Copy the command</source>
      <translation>複製命令</translation>
    </message>
    <message>
      <source>Install the trainer</source>
      <translation>安裝訓練器</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>進度</translation>
    </message>
    <message>
      <source>Starting…</source>
      <translation>正在啟動…</translation>
    </message>
    <message>
      <source>Stop installing</source>
      <translation>停止安裝</translation>
    </message>
    <message>
      <source>Stopped; “Install the trainer” begins again.</source>
      <translation>已停止；「安裝訓練器」可重新開始。</translation>
    </message>
    <message>
      <source>The trainer is not installed yet. It learns your hand from the writings in Samples, which stay here. Its libraries (torch and others, up to 6 GB) come over the network once, by this command:</source>
      <translation>訓練器尚未安裝。它用「樣本」中您寫的字學習您的筆跡，這些字不會離開這台電腦。它所需的函式庫（torch 等，最多 6 GB）要透過網路下載一次，命令如下：</translation>
    </message>
  </context>
  <context>
    <name>MainWindow</name>
    <message>
      <source>Go on</source>
      <translation>不關閉</translation>
    </message>
    <message>
      <source>Guide</source>
      <translation>使用指南</translation>
    </message>
    <message>
      <source>Keep above other windows</source>
      <translation>保持在其他視窗之上</translation>
    </message>
    <message>
      <source>Meaning</source>
      <translation>字義</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>模型</translation>
    </message>
    <message>
      <source>Quit</source>
      <translation>結束</translation>
    </message>
    <message>
      <source>Read</source>
      <translation>閱讀</translation>
    </message>
    <message>
      <source>Rooms</source>
      <translation>功能區</translation>
    </message>
    <message>
      <source>Samples</source>
      <translation>樣本</translation>
    </message>
    <message>
      <source>Settings</source>
      <translation>設定</translation>
    </message>
    <message>
      <source>Small window</source>
      <translation>小視窗</translation>
    </message>
    <message>
      <source>Stop and close</source>
      <translation>停止並關閉</translation>
    </message>
    <message>
      <source>Train</source>
      <translation>訓練</translation>
    </message>
    <message>
      <source>Type into other programs</source>
      <translation>輸入到其他程式</translation>
    </message>
    <message>
      <source>Write</source>
      <translation>書寫</translation>
    </message>
    <message>
      <source>Your names and terms are kept, and count from now on.</source>
      <translation>您的名稱和術語已儲存，即刻生效。</translation>
    </message>
  </context>
  <context>
    <name>MeaningPanel</name>
    <message>
      <source>Character or word to look up</source>
      <translation>要查的字或詞</translation>
    </message>
    <message>
      <source>Characters</source>
      <translation>字</translation>
    </message>
    <message>
      <source>Jyutping</source>
      <translation>粵拼</translation>
    </message>
    <message>
      <source>Look up</source>
      <translation>查字詞</translation>
    </message>
    <message>
      <source>Meaning</source>
      <translation>字義</translation>
    </message>
    <message>
      <source>Nothing was looked up yet</source>
      <translation>還沒有查過字詞</translation>
    </message>
    <message>
      <source>Order of the strokes</source>
      <translation>筆順</translation>
    </message>
    <message>
      <source>Parts</source>
      <translation>部件</translation>
    </message>
    <message>
      <source>Radical</source>
      <translation>部首</translation>
    </message>
    <message>
      <source>Simplified form</source>
      <translation>簡體</translation>
    </message>
    <message>
      <source>Strokes: {count}</source>
      <translation>筆畫：{count}</translation>
    </message>
    <message>
      <source>The dictionary does not have it.</source>
      <translation>詞典中沒有。</translation>
    </message>
    <message>
      <source>Traditional form</source>
      <translation>繁體</translation>
    </message>
    <message>
      <source>What is written is explained here.</source>
      <translation>寫下的字在這裡解釋。</translation>
    </message>
    <message>
      <source>What was looked up</source>
      <translation>查過的字詞</translation>
    </message>
    <message>
      <source>Words</source>
      <translation>詞語</translation>
    </message>
  </context>
  <context>
    <name>ModelsRoom</name>
    <message>
      <source> (in use)</source>
      <translation>（使用中）</translation>
    </message>
    <message>
      <source> (in use, without int8 arithmetic)</source>
      <translation>（使用中，不用 int8 運算）</translation>
    </message>
    <message>
      <source>Characters</source>
      <translation>字元</translation>
    </message>
    <message>
      <source>Check on this computer</source>
      <translation>在這台電腦上檢查</translation>
    </message>
    <message>
      <source>Compare with the one in use</source>
      <translation>與使用中的模型比較</translation>
    </message>
    <message>
      <source>Compared.</source>
      <translation>比較完畢。</translation>
    </message>
    <message>
      <source>Comparing on your samples…</source>
      <translation>正在用您的樣本比較…</translation>
    </message>
    <message>
      <source>Export a model</source>
      <translation>匯出模型</translation>
    </message>
    <message>
      <source>Export…</source>
      <translation>匯出…</translation>
    </message>
    <message>
      <source>How often</source>
      <translation>次數</translation>
    </message>
    <message>
      <source>Import a model</source>
      <translation>匯入模型</translation>
    </message>
    <message>
      <source>Import…</source>
      <translation>匯入…</translation>
    </message>
    <message>
      <source>In use: {name}.</source>
      <translation>使用中：{name}。</translation>
    </message>
    <message>
      <source>It is used without int8 arithmetic, more slowly: with it it answers otherwise here.</source>
      <translation>它在此不用 int8 運算（較慢）：用 int8 時結果會不同。</translation>
    </message>
    <message>
      <source>Made on</source>
      <translation>製作日期</translation>
    </message>
    <message>
      <source>Measuring…</source>
      <translation>正在測量…</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>模型</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>模型</translation>
    </message>
    <message>
      <source>On {count} of your samples</source>
      <translation>在您的 {count} 個樣本上</translation>
    </message>
    <message>
      <source>One character</source>
      <translation>一個字</translation>
    </message>
    <message>
      <source>Return to the one before</source>
      <translation>恢復上一個模型</translation>
    </message>
    <message>
      <source>Saved as {name}.</source>
      <translation>已儲存為 {name}。</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>大小</translation>
    </message>
    <message>
      <source>The model's card</source>
      <translation>模型卡片</translation>
    </message>
    <message>
      <source>Use this one</source>
      <translation>使用這個模型</translation>
    </message>
    <message>
      <source>Where they differ</source>
      <translation>不同之處</translation>
    </message>
    <message>
      <source>Written</source>
      <translation>所寫</translation>
    </message>
    <message>
      <source>{agreement} of the test answers agree, largest difference {largest}.</source>
      <translation>測試答案一致率 {agreement}，最大差異 {largest}。</translation>
    </message>
    <message>
      <source>{name} is installed; “Use this one” activates it.</source>
      <translation>{name} 已安裝；按「使用這個模型」啟用它。</translation>
    </message>
    <message>
      <source>{name}: {speed} ms a character.</source>
      <translation>{name}：每個字 {speed} 毫秒。</translation>
    </message>
  </context>
  <context>
    <name>PadFiles</name>
    <message>
      <source>Images and ink</source>
      <translation>圖片和筆跡</translation>
    </message>
    <message>
      <source>Open an image of one character</source>
      <translation>開啟單字圖片</translation>
    </message>
    <message>
      <source>Save the writing</source>
      <translation>儲存筆跡</translation>
    </message>
    <message>
      <source>Saved as {name}.</source>
      <translation>已儲存為 {name}。</translation>
    </message>
  </context>
  <context>
    <name>PadSuggestion</name>
    <message>
      <source>Open it in Read</source>
      <translation>在「閱讀」中開啟</translation>
    </message>
    <message>
      <source>Read it as a column</source>
      <translation>作為直行辨識</translation>
    </message>
    <message>
      <source>Read it as a row</source>
      <translation>作為橫列辨識</translation>
    </message>
    <message>
      <source>This looks like a column of several characters.</source>
      <translation>這看起來像直寫的幾個字。</translation>
    </message>
    <message>
      <source>This looks like a row of several characters.</source>
      <translation>這看起來像橫寫的幾個字。</translation>
    </message>
    <message>
      <source>This looks like a row or a page, not like one character.</source>
      <translation>這看起來像一列或一頁，而不是一個字。</translation>
    </message>
    <message>
      <source>Try it: write 你. What you write stays on this computer and teaches the program; Settings, under Learning, keeps none.</source>
      <translation>試一試：寫「你」。您寫的內容留在這台電腦上，供程式學習；在「設定」的「學習」裡可以關閉儲存。</translation>
    </message>
    <message>
      <source>Understood</source>
      <translation>知道了</translation>
    </message>
  </context>
  <context>
    <name>PageColumn</name>
    <message>
      <source>Doubtful: {here} here, {all} in all</source>
      <translation>存疑：本頁 {here}，共 {all}</translation>
    </message>
    <message>
      <source>Search in all pages</source>
      <translation>在所有頁中搜尋</translation>
    </message>
  </context>
  <context>
    <name>PageCorrection</name>
    <message>
      <source>1 to 9 choose, Enter confirms, what you type replaces; Esc ends.</source>
      <translation>1 到 9 選擇，Enter 確認，輸入則取代；Esc 結束。</translation>
    </message>
    <message>
      <source>Candidate {number}</source>
      <translation>候選 {number}</translation>
    </message>
    <message>
      <source>Candidates</source>
      <translation>候選字</translation>
    </message>
    <message>
      <source>F3 goes from one doubtful character to the next.</source>
      <translation>F3 跳到下一個存疑的字。</translation>
    </message>
    <message>
      <source>Picture of the line</source>
      <translation>本行的圖片</translation>
    </message>
    <message>
      <source>Text of the page</source>
      <translation>頁面的文字</translation>
    </message>
  </context>
  <context>
    <name>PageFiles</name>
    <message>
      <source>Images</source>
      <translation>圖片</translation>
    </message>
    <message>
      <source>Open a folder: of pictures, or of a batch's texts</source>
      <translation>開啟資料夾：圖片資料夾，或批次處理寫出的資料夾</translation>
    </message>
    <message>
      <source>Open pages</source>
      <translation>開啟頁面</translation>
    </message>
    <message>
      <source>Save the text of all pages</source>
      <translation>儲存所有頁面的文字</translation>
    </message>
    <message>
      <source>Saved as {name}.</source>
      <translation>已儲存為 {name}。</translation>
    </message>
    <message>
      <source>Watch a folder: what comes into it is read</source>
      <translation>監視資料夾：新放入的檔案會被辨識</translation>
    </message>
    <message>
      <source>Watching {name}: what comes into it is read.</source>
      <translation>正在監視 {name}：新放入的檔案會被辨識。</translation>
    </message>
    <message>
      <source>{count} of {all} pages were read by now.</source>
      <translation>目前 {all} 頁中已辨識 {count} 頁。</translation>
    </message>
  </context>
  <context>
    <name>PageList</name>
    <message>
      <source>Pages</source>
      <translation>頁面</translation>
    </message>
    <message>
      <source>{name}
cannot be read</source>
      <translation>{name}
無法讀取</translation>
    </message>
    <message>
      <source>{name}
no writing was found</source>
      <translation>{name}
沒有找到文字</translation>
    </message>
    <message>
      <source>{name}
the file is gone, or another</source>
      <translation>{name}
檔案已不在，或已更換</translation>
    </message>
    <message>
      <source>{name}
waits to be read</source>
      <translation>{name}
等待辨識</translation>
    </message>
    <message>
      <source>{name}
{doubtful} of {characters} doubtful</source>
      <translation>{name}
{characters} 字，{doubtful} 存疑</translation>
    </message>
    <message>
      <source>{name}
✓ checked, {characters} characters</source>
      <translation>{name}
✓ 已核對，{characters} 個字</translation>
    </message>
  </context>
  <context>
    <name>PageRegions</name>
    <message>
      <source>A region can be drawn once the page is read.</source>
      <translation>頁面辨識之後才能畫區域。</translation>
    </message>
    <message>
      <source>Draw the region on the page.</source>
      <translation>請在頁面上畫出區域。</translation>
    </message>
    <message>
      <source>Forget the regions</source>
      <translation>取消所有區域</translation>
    </message>
    <message>
      <source>Leave a region aside</source>
      <translation>忽略一個區域</translation>
    </message>
    <message>
      <source>Read a region</source>
      <translation>只辨識一個區域</translation>
    </message>
    <message>
      <source>Regions</source>
      <translation>區域</translation>
    </message>
  </context>
  <context>
    <name>PageShelf</name>
    <message>
      <source>It lies open already.</source>
      <translation>它已經開啟了。</translation>
    </message>
    <message>
      <source>Reading it did not end, twice. “Read again” tries once more.</source>
      <translation>辨識兩次都沒有完成。「重新辨識」再試一次。</translation>
    </message>
    <message>
      <source>Stopped; what was read stays.</source>
      <translation>已停止；已辨識的保留。</translation>
    </message>
    <message>
      <source>The text as it was corrected is kept: Reopen page brings it back.</source>
      <translation>改正過的文字已保留：「重新開啟頁面」可以取回。</translation>
    </message>
  </context>
  <context>
    <name>PlanForm</name>
    <message>
      <source>Channels to drop, %</source>
      <translation>要去掉的通道（%）</translation>
    </message>
    <message>
      <source>How long it takes on this computer is measured on its first steps.</source>
      <translation>在這台電腦上需要多久，將在開頭幾步測出。</translation>
    </message>
    <message>
      <source>How often the network is corrected, each time after 128 samples</source>
      <translation>網路被修正的次數，每次看 128 個樣本</translation>
    </message>
    <message>
      <source>It will take about {minutes} minutes on this computer.</source>
      <translation>在這台電腦上大約需要 {minutes} 分鐘。</translation>
    </message>
    <message>
      <source>Seed</source>
      <translation>隨機種子</translation>
    </message>
    <message>
      <source>Steps</source>
      <translation>步數</translation>
    </message>
    <message>
      <source>The start of the random numbers: the same seed gives the same model</source>
      <translation>隨機數的起點：同樣的種子得到同樣的模型</translation>
    </message>
    <message>
      <source>The weakest channels inside the network that are removed: smaller and faster, and less sure</source>
      <translation>從網路內部去掉最弱的通道：更小更快，但準確度稍低</translation>
    </message>
  </context>
  <context>
    <name>ReadRoom</name>
    <message>
      <source>As they were opened</source>
      <translation>按開啟順序</translation>
    </message>
    <message>
      <source>By name</source>
      <translation>按名稱</translation>
    </message>
    <message>
      <source>Close page</source>
      <translation>關閉頁面</translation>
    </message>
    <message>
      <source>Copied.</source>
      <translation>已複製。</translation>
    </message>
    <message>
      <source>Copy text</source>
      <translation>複製文字</translation>
    </message>
    <message>
      <source>Larger</source>
      <translation>放大</translation>
    </message>
    <message>
      <source>Most doubtful first</source>
      <translation>存疑最多的在前</translation>
    </message>
    <message>
      <source>Next doubtful</source>
      <translation>下一個存疑的字</translation>
    </message>
    <message>
      <source>Next page with doubts</source>
      <translation>下一個有存疑字的頁</translation>
    </message>
    <message>
      <source>No doubtful character is left in this direction.</source>
      <translation>這個方向上沒有存疑的字了。</translation>
    </message>
    <message>
      <source>No other page has doubtful characters.</source>
      <translation>其他頁沒有存疑的字。</translation>
    </message>
    <message>
      <source>Nothing doubtful is left on this page: F4 notes it as checked, and goes on.</source>
      <translation>本頁已無存疑的字：按 F4 記為已核對，並繼續下一頁。</translation>
    </message>
    <message>
      <source>Open a folder…</source>
      <translation>開啟資料夾…</translation>
    </message>
    <message>
      <source>Open, drop or paste them. Each page appears with a box around every character and its text beside it; F3 goes to the next doubtful one. A folder can be watched: what comes into it, as from a scanner, is read by itself.</source>
      <translation>開啟、拖入或貼上即可。每頁都會顯示每個字的框，旁邊是文字；F3 跳到下一個存疑的字。還可以監視資料夾：進入其中的檔案（例如來自掃描器的）會自動辨識。</translation>
    </message>
    <message>
      <source>Open…</source>
      <translation>開啟…</translation>
    </message>
    <message>
      <source>Order</source>
      <translation>排序</translation>
    </message>
    <message>
      <source>Page</source>
      <translation>頁面</translation>
    </message>
    <message>
      <source>Page checked</source>
      <translation>頁面已核對</translation>
    </message>
    <message>
      <source>Paste</source>
      <translation>貼上</translation>
    </message>
    <message>
      <source>Previous doubtful</source>
      <translation>上一個存疑的字</translation>
    </message>
    <message>
      <source>Read again</source>
      <translation>重新辨識</translation>
    </message>
    <message>
      <source>Reopen page</source>
      <translation>重新開啟頁面</translation>
    </message>
    <message>
      <source>Save…</source>
      <translation>儲存…</translation>
    </message>
    <message>
      <source>Scans and photographs of handwriting become text</source>
      <translation>手寫的掃描檔和照片變成文字</translation>
    </message>
    <message>
      <source>Search in all pages</source>
      <translation>在所有頁中搜尋</translation>
    </message>
    <message>
      <source>Smaller</source>
      <translation>縮小</translation>
    </message>
    <message>
      <source>Turn</source>
      <translation>旋轉</translation>
    </message>
    <message>
      <source>Unchecked first</source>
      <translation>未核對的在前</translation>
    </message>
    <message>
      <source>Watch a folder…</source>
      <translation>監視資料夾…</translation>
    </message>
    <message>
      <source>Whole page</source>
      <translation>整頁</translation>
    </message>
    <message>
      <source>{count} pages could not be kept on the disk: save their text first. Close all the same?</source>
      <translation>有 {count} 頁無法儲存到磁碟：請先儲存其文字。仍要關閉嗎？</translation>
    </message>
    <message>
      <source>{count} pages that were corrected or checked stay as they are; “Read again” reads them.</source>
      <translation>{count} 頁已改正或已核對，保持原樣；「重新辨識」可再次辨識它們。</translation>
    </message>
  </context>
  <context>
    <name>ReadingProgress</name>
    <message>
      <source>Pause</source>
      <translation>暫停</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>進度</translation>
    </message>
    <message>
      <source>Resume</source>
      <translation>繼續</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>停止</translation>
    </message>
    <message>
      <source>{seconds} s left</source>
      <translation>還剩 {seconds} 秒</translation>
    </message>
  </context>
  <context>
    <name>SamplesRoom</name>
    <message>
      <source>All sources</source>
      <translation>所有來源</translation>
    </message>
    <message>
      <source>All writers</source>
      <translation>所有書寫者</translation>
    </message>
    <message>
      <source>Characters to show</source>
      <translation>要顯示的字</translation>
    </message>
    <message>
      <source>Collect…</source>
      <translation>採集…</translation>
    </message>
    <message>
      <source>Every character that you write and choose becomes a sample, from which the program learns your hand. “Collect” asks you for one after another, “Import” takes files, and sheets are written on paper.</source>
      <translation>您寫下並選定的每個字都成為樣本，程式由此學習您的筆跡。「採集」逐個請您書寫，「匯入」讀取檔案，也可以列印字帖在紙上寫。</translation>
    </message>
    <message>
      <source>Export the samples shown</source>
      <translation>匯出顯示的樣本</translation>
    </message>
    <message>
      <source>Export…</source>
      <translation>匯出…</translation>
    </message>
    <message>
      <source>Find odd ones</source>
      <translation>尋找可疑樣本</translation>
    </message>
    <message>
      <source>Images</source>
      <translation>圖片</translation>
    </message>
    <message>
      <source>Import samples</source>
      <translation>匯入樣本</translation>
    </message>
    <message>
      <source>Import…</source>
      <translation>匯入…</translation>
    </message>
    <message>
      <source>It is another</source>
      <translation>其實是另一個字</translation>
    </message>
    <message>
      <source>It is another…</source>
      <translation>其實是另一個字…</translation>
    </message>
    <message>
      <source>Looking at all samples again: {done} of {count}…</source>
      <translation>正在重新檢查所有樣本：{done} / {count}…</translation>
    </message>
    <message>
      <source>Looking at all samples again…</source>
      <translation>正在重新檢查所有樣本…</translation>
    </message>
    <message>
      <source>Not named</source>
      <translation>未註明</translation>
    </message>
    <message>
      <source>Odd ones only</source>
      <translation>只看可疑的</translation>
    </message>
    <message>
      <source>Print a sheet</source>
      <translation>列印字帖</translation>
    </message>
    <message>
      <source>Print a sheet…</source>
      <translation>列印字帖…</translation>
    </message>
    <message>
      <source>Read a sheet</source>
      <translation>讀入字帖</translation>
    </message>
    <message>
      <source>Read a sheet…</source>
      <translation>讀入字帖…</translation>
    </message>
    <message>
      <source>Reading {name}…</source>
      <translation>正在讀取 {name}…</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>移除</translation>
    </message>
    <message>
      <source>Samples</source>
      <translation>樣本</translation>
    </message>
    <message>
      <source>Source</source>
      <translation>來源</translation>
    </message>
    <message>
      <source>The 100 most common characters</source>
      <translation>最常用的 100 個字</translation>
    </message>
    <message>
      <source>The 20 characters that were misread most</source>
      <translation>最常認錯的 20 個字</translation>
    </message>
    <message>
      <source>The 500 most common characters</source>
      <translation>最常用的 500 個字</translation>
    </message>
    <message>
      <source>The right character:</source>
      <translation>正確的字：</translation>
    </message>
    <message>
      <source>There is nothing here yet</source>
      <translation>這裡還沒有內容</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>復原</translation>
    </message>
    <message>
      <source>Whose writing it is:</source>
      <translation>這是誰寫的：</translation>
    </message>
    <message>
      <source>Writer</source>
      <translation>書寫者</translation>
    </message>
    <message>
      <source>Writer…</source>
      <translation>書寫者…</translation>
    </message>
    <message>
      <source>{count} of {all} samples written to {name}.</source>
      <translation>{count} 個樣本（共 {all} 個）已寫入 {name}。</translation>
    </message>
    <message>
      <source>{count} removed; Undo brings them back.</source>
      <translation>移除了 {count} 個；「復原」可以恢復。</translation>
    </message>
    <message>
      <source>{count} samples came in.</source>
      <translation>讀入了 {count} 個樣本。</translation>
    </message>
    <message>
      <source>{count} samples look odd to the model.</source>
      <translation>模型覺得 {count} 個樣本可疑。</translation>
    </message>
    <message>
      <source>{name} has one page: print it, fill it in, scan it, and read it back here.</source>
      <translation>{name} 有一頁：列印、填寫、掃描，再從這裡讀入。</translation>
    </message>
    <message>
      <source>{name} has {pages} pages: print it, fill it in, scan it, and read it back here.</source>
      <translation>{name} 有 {pages} 頁：列印、填寫、掃描，再從這裡讀入。</translation>
    </message>
    <message>
      <source>{shown} of {count} samples.</source>
      <translation>顯示 {shown} 個樣本，共 {count} 個。</translation>
    </message>
  </context>
  <context>
    <name>SettingsRoom</name>
    <message>
      <source>A column</source>
      <translation>直行</translation>
    </message>
    <message>
      <source>A row</source>
      <translation>橫列</translation>
    </message>
    <message>
      <source>Address to look characters up, with {} in it</source>
      <translation>查字的網址，其中含 {}</translation>
    </message>
    <message>
      <source>An address of the web, with {} where the character belongs</source>
      <translation>網址，{} 處放要查的字</translation>
    </message>
    <message>
      <source>As it fits</source>
      <translation>自動</translation>
    </message>
    <message>
      <source>As the system</source>
      <translation>跟隨系統</translation>
    </message>
    <message>
      <source>Characters that follow each other here are taken for likelier.</source>
      <translation>這裡相連的字會被認為更可能出現。</translation>
    </message>
    <message>
      <source>Copy the text whenever it grows</source>
      <translation>文字增加時自動複製</translation>
    </message>
    <message>
      <source>Dark</source>
      <translation>深色</translation>
    </message>
    <message>
      <source>Delete all samples, models of your own, settings, texts, and what the trainer installed?</source>
      <translation>刪除所有樣本、您自己的模型、設定、文字以及訓練器安裝的內容嗎？</translation>
    </message>
    <message>
      <source>Delete everything</source>
      <translation>全部刪除</translation>
    </message>
    <message>
      <source>Delete everything…</source>
      <translation>全部刪除…</translation>
    </message>
    <message>
      <source>Everything that you write stays on this computer, in {folder}. Nothing is ever sent.</source>
      <translation>您寫的一切都留在這台電腦上，位於 {folder}。從不傳送任何內容。</translation>
    </message>
    <message>
      <source>Everything was deleted.</source>
      <translation>已全部刪除。</translation>
    </message>
    <message>
      <source>Field 田</source>
      <translation>田字格</translation>
    </message>
    <message>
      <source>Guides</source>
      <translation>格線</translation>
    </message>
    <message>
      <source>In columns</source>
      <translation>直排</translation>
    </message>
    <message>
      <source>In rows</source>
      <translation>橫排</translation>
    </message>
    <message>
      <source>Keep above other windows</source>
      <translation>保持在其他視窗之上</translation>
    </message>
    <message>
      <source>Keep what I write and choose, to learn from it</source>
      <translation>保留我寫下並選定的字，供學習使用</translation>
    </message>
    <message>
      <source>Keys that paste in other programs</source>
      <translation>在其他程式中貼上的按鍵</translation>
    </message>
    <message>
      <source>Language</source>
      <translation>語言</translation>
    </message>
    <message>
      <source>Learn from what I choose at once</source>
      <translation>立即從我的選擇中學習</translation>
    </message>
    <message>
      <source>Learning</source>
      <translation>學習</translation>
    </message>
    <message>
      <source>Let the text before decide among candidates</source>
      <translation>讓前文參與候選的排序</translation>
    </message>
    <message>
      <source>Light</source>
      <translation>淺色</translation>
    </message>
    <message>
      <source>Lines of pages</source>
      <translation>頁面文字的方向</translation>
    </message>
    <message>
      <source>Look</source>
      <translation>外觀</translation>
    </message>
    <message>
      <source>None</source>
      <translation>無</translation>
    </message>
    <message>
      <source>One character</source>
      <translation>一個字</translation>
    </message>
    <message>
      <source>Other programs</source>
      <translation>其他程式</translation>
    </message>
    <message>
      <source>Own names and terms</source>
      <translation>自己的名稱和術語</translation>
    </message>
    <message>
      <source>Pinyin</source>
      <translation>拼音</translation>
    </message>
    <message>
      <source>Privacy</source>
      <translation>隱私</translation>
    </message>
    <message>
      <source>Reading pages</source>
      <translation>辨識頁面</translation>
    </message>
    <message>
      <source>Readings</source>
      <translation>讀音</translation>
    </message>
    <message>
      <source>Rice 米</source>
      <translation>米字格</translation>
    </message>
    <message>
      <source>Search in the settings</source>
      <translation>在設定中搜尋</translation>
    </message>
    <message>
      <source>Show the folder</source>
      <translation>顯示資料夾</translation>
    </message>
    <message>
      <source>Show what characters mean</source>
      <translation>顯示字義</translation>
    </message>
    <message>
      <source>Size of text, %</source>
      <translation>文字大小（%）</translation>
    </message>
    <message>
      <source>Speed</source>
      <translation>速度</translation>
    </message>
    <message>
      <source>Theme</source>
      <translation>主題</translation>
    </message>
    <message>
      <source>This cannot be undone. Export first what you want to keep.</source>
      <translation>此操作無法復原。請先匯出想保留的內容。</translation>
    </message>
    <message>
      <source>Threads for recognition, from the next start</source>
      <translation>辨識所用的執行緒數，下次啟動時生效</translation>
    </message>
    <message>
      <source>Width of the pen, %</source>
      <translation>筆的粗細（%）</translation>
    </message>
    <message>
      <source>Writer's name</source>
      <translation>書寫者的名字</translation>
    </message>
    <message>
      <source>Writing</source>
      <translation>書寫方式</translation>
    </message>
    <message>
      <source>Zhuyin</source>
      <translation>注音</translation>
    </message>
  </context>
  <context>
    <name>SheetDialog</name>
    <message>
      <source>Boxes for each</source>
      <translation>每字格數</translation>
    </message>
    <message>
      <source>Boxes: {boxes}. Pages: {pages}. A character needs three writings to be learned from.</source>
      <translation>共 {boxes} 格，{pages} 頁。一個字要寫三次才能用來學習。</translation>
    </message>
    <message>
      <source>Characters</source>
      <translation>字</translation>
    </message>
    <message>
      <source>Characters of</source>
      <translation>字的來源</translation>
    </message>
    <message>
      <source>First page</source>
      <translation>第一頁</translation>
    </message>
    <message>
      <source>My own list or text</source>
      <translation>我自己的字表或文字</translation>
    </message>
    <message>
      <source>Paper</source>
      <translation>紙張</translation>
    </message>
    <message>
      <source>Print a sheet</source>
      <translation>列印字帖</translation>
    </message>
  </context>
  <context>
    <name>ShortcutTable</name>
    <message>
      <source>Action</source>
      <translation>操作</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>按鍵</translation>
    </message>
    <message>
      <source>New keys</source>
      <translation>新的按鍵</translation>
    </message>
    <message>
      <source>Shortcuts</source>
      <translation>快速鍵</translation>
    </message>
    <message>
      <source>The usual keys</source>
      <translation>預設按鍵</translation>
    </message>
    <message>
      <source>These keys are taken by: {actions}.</source>
      <translation>這些按鍵已用於：{actions}。</translation>
    </message>
    <message>
      <source>Use these keys</source>
      <translation>使用這些按鍵</translation>
    </message>
  </context>
  <context>
    <name>SmallBar</name>
    <message>
      <source>Back to the whole window</source>
      <translation>返回完整視窗</translation>
    </message>
    <message>
      <source>Back to the whole window (Esc)</source>
      <translation>返回完整視窗（Esc）</translation>
    </message>
    <message>
      <source>Esc: the whole window</source>
      <translation>Esc：完整視窗</translation>
    </message>
    <message>
      <source>What you choose goes into the other program.</source>
      <translation>您選的字會輸入到另一個程式。</translation>
    </message>
    <message>
      <source>What you choose is on the clipboard: this desktop lets no program type into another.</source>
      <translation>您選的字在剪貼簿上：此桌面不允許程式向其他程式輸入。</translation>
    </message>
    <message>
      <source>Whole window</source>
      <translation>完整視窗</translation>
    </message>
  </context>
  <context>
    <name>StrokeOrder</name>
    <message>
      <source>{count} strokes; a click shows their order</source>
      <translation>{count} 畫；點選顯示筆順</translation>
    </message>
  </context>
  <context>
    <name>TextLine</name>
    <message>
      <source>Chosen characters appear here</source>
      <translation>選中的字會出現在這裡</translation>
    </message>
    <message>
      <source>Copied.</source>
      <translation>已複製。</translation>
    </message>
    <message>
      <source>Copy</source>
      <translation>複製</translation>
    </message>
    <message>
      <source>Empty</source>
      <translation>清空</translation>
    </message>
    <message>
      <source>Empty the text; Ctrl+Z in it brings it back</source>
      <translation>清空文字；在其中按 Ctrl+Z 可恢復</translation>
    </message>
    <message>
      <source>Text</source>
      <translation>文字</translation>
    </message>
  </context>
  <context>
    <name>Titles</name>
    <message>
      <source>Every common character</source>
      <translation>所有常用字</translation>
    </message>
    <message>
      <source>own hand</source>
      <translation>自己的筆跡</translation>
    </message>
  </context>
  <context>
    <name>TrainRoom</name>
    <message>
      <source>A fifth of the channels goes. In our study of 16 characters even those that lost two fifths and were taught again read as well: 95.6 % and 95.5 %.</source>
      <translation>去掉五分之一的通道。在我們對 16 個字的研究中，去掉五分之二再重新訓練的網路也讀得一樣好：95.6% 與 95.5%。</translation>
    </message>
    <message>
      <source>A training is at work. Close the window and stop it? The model in use stays as it is.</source>
      <translation>訓練正在進行。關閉視窗並停止訓練嗎？正在使用的模型保持不變。</translation>
    </message>
    <message>
      <source>A training makes a model of your own, which has to be better than the one in use.</source>
      <translation>訓練會做出您自己的模型，它必須比正在使用的更好才會啟用。</translation>
    </message>
    <message>
      <source>Adapt to my hand</source>
      <translation>適應我的筆跡</translation>
    </message>
    <message>
      <source>Adapt to my hand and add new characters</source>
      <translation>適應我的筆跡並新增新字</translation>
    </message>
    <message>
      <source>Another model is in use by now, which stays. What passes stands in Models.</source>
      <translation>目前使用的已是另一個模型，保持不變。通過檢驗的模型在「模型」中。</translation>
    </message>
    <message>
      <source>As above; and characters that it does not know get a place of their own.</source>
      <translation>同上；並為模型不認識的字增加位置。</translation>
    </message>
    <message>
      <source>At most {share} of the size: {name}, {score} of your samples.</source>
      <translation>不超過原大小的 {share}：{name}，正確辨識您樣本的 {score}。</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>取消</translation>
    </message>
    <message>
      <source>Examining the new model…</source>
      <translation>正在檢驗新模型…</translation>
    </message>
    <message>
      <source>Five forms, each examined on your samples: the smallest that reads them as well is put to use, the others stand in Models. In our studies compact blocks with a seventh of the parameters, taught by the whole network, cost 0.3 points, parsimonious ones with an eleventh 1.0.</source>
      <translation>共五種形式，每種都用您的樣本檢驗：辨識同樣好的最小的一種會投入使用，其他的在「模型」中。在我們的研究中，參數為七分之一、由整個網路教導的緊湊模組損失 0.3 個百分點，參數為十一分之一的精簡模組損失 1.0 個百分點。</translation>
    </message>
    <message>
      <source>How the loss falls</source>
      <translation>損失下降的過程</translation>
    </message>
    <message>
      <source>In use again: {name}.</source>
      <translation>已恢復使用：{name}。</translation>
    </message>
    <message>
      <source>In use now: {name}. The others that pass stand in Models.</source>
      <translation>現在使用：{name}。其他通過檢驗的在「模型」中。</translation>
    </message>
    <message>
      <source>It learns your writings, and practices all characters meanwhile, lest it forget them.</source>
      <translation>它學習您的筆跡，同時練習所有的字，以免遺忘。</translation>
    </message>
    <message>
      <source>Keep what I write and choose, to learn from it</source>
      <translation>保留我寫下並選定的字，供學習使用</translation>
    </message>
    <message>
      <source>Learning: {rate} samples a second, {left} s left, then the examination.</source>
      <translation>正在學習：每秒 {rate} 個樣本，還需 {left} 秒，然後檢驗。</translation>
    </message>
    <message>
      <source>Make the model faster for my hand</source>
      <translation>讓模型更快（針對我的筆跡）</translation>
    </message>
    <message>
      <source>Make the model smaller for my hand</source>
      <translation>讓模型更小（針對我的筆跡）</translation>
    </message>
    <message>
      <source>Mistakes at the moment</source>
      <translation>此刻的錯誤</translation>
    </message>
    <message>
      <source>Model in use: {name}</source>
      <translation>使用中的模型：{name}</translation>
    </message>
    <message>
      <source>More options</source>
      <translation>更多選項</translation>
    </message>
    <message>
      <source>No character has three samples yet.</source>
      <translation>還沒有字有三個樣本。</translation>
    </message>
    <message>
      <source>No form reads as well as the model in use, which stays.</source>
      <translation>沒有一種形式辨識得和使用中的模型一樣好，繼續使用原模型。</translation>
    </message>
    <message>
      <source>Pause</source>
      <translation>暫停</translation>
    </message>
    <message>
      <source>Paused; it goes on where it is.</source>
      <translation>已暫停；會從原處繼續。</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>進度</translation>
    </message>
    <message>
      <source>Read wrong at the moment, of the samples kept for the examination:</source>
      <translation>此刻認錯的（留作檢驗的樣本）：</translation>
    </message>
    <message>
      <source>Resume</source>
      <translation>繼續</translation>
    </message>
    <message>
      <source>Return to the model before</source>
      <translation>恢復上一個模型</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>大小</translation>
    </message>
    <message>
      <source>Start</source>
      <translation>開始</translation>
    </message>
    <message>
      <source>Starting…</source>
      <translation>正在啟動…</translation>
    </message>
    <message>
      <source>Stopped; the model in use is as it was.</source>
      <translation>已停止；使用中的模型沒有改變。</translation>
    </message>
    <message>
      <source>Stopping…</source>
      <translation>正在停止…</translation>
    </message>
    <message>
      <source>The last training did not end. The model in use is as it was; Start begins it again.</source>
      <translation>上次訓練沒有結束。使用中的模型沒有變；按「開始」重新訓練。</translation>
    </message>
    <message>
      <source>The new model is in use: {scores}.</source>
      <translation>新模型已啟用：{scores}。</translation>
    </message>
    <message>
      <source>The new model stands in Models, another is in use by now: {scores}.</source>
      <translation>新模型在「模型」中，目前使用的已是另一個模型：{scores}。</translation>
    </message>
    <message>
      <source>The new model was kept aside, it does not read the new characters yet: {scores}.</source>
      <translation>新模型已另存，它還不能認出新字：{scores}。</translation>
    </message>
    <message>
      <source>The new model was kept aside, it is no gain: {scores}.</source>
      <translation>新模型沒有改進，已另存而未啟用：{scores}。</translation>
    </message>
    <message>
      <source>The new model was kept aside, it would forget other characters: {scores}.</source>
      <translation>新模型已另存，它會遺忘其他字：{scores}。</translation>
    </message>
    <message>
      <source>The new model was kept aside, too few samples were held out to tell: {scores}.</source>
      <translation>新模型已另存，留作檢驗的樣本太少，無法判斷：{scores}。</translation>
    </message>
    <message>
      <source>The trainer is being installed. Close the window and stop that?</source>
      <translation>正在安裝訓練器。關閉視窗並停止安裝嗎？</translation>
    </message>
    <message>
      <source>Time of a character</source>
      <translation>每字用時</translation>
    </message>
    <message>
      <source>Try all ways to make it smaller, and compare</source>
      <translation>試遍各種縮小方法並比較</translation>
    </message>
    <message>
      <source>Two fifths of the channels go, of the bundled model a third of its parameters, and the whole network teaches what is left: in our study of 16 characters 54 % of the parameters read as well, 95.6 % and 95.5 %.</source>
      <translation>去掉五分之二的通道（對自帶的模型是三分之一的參數），由完整的網路教餘下的部分：在我們對 16 個字的研究中，54% 的參數辨識得一樣好，95.6% 與 95.5%。</translation>
    </message>
    <message>
      <source>What each form reads right of your samples, over its size and time</source>
      <translation>各種形式對您樣本的正確辨識率，及其大小與用時</translation>
    </message>
    <message>
      <source>What to do</source>
      <translation>要做什麼</translation>
    </message>
    <message>
      <source>all characters</source>
      <translation>全部字元</translation>
    </message>
    <message>
      <source>as it is</source>
      <translation>原樣</translation>
    </message>
    <message>
      <source>compact blocks</source>
      <translation>緊湊模組</translation>
    </message>
    <message>
      <source>parsimonious blocks</source>
      <translation>精簡模組</translation>
    </message>
    <message>
      <source>your hand</source>
      <translation>您的筆跡</translation>
    </message>
    <message>
      <source>{percent} % dropped</source>
      <translation>去掉 {percent}%</translation>
    </message>
  </context>
  <context>
    <name>TrainingOutcome</name>
    <message>
      <source>Read wrong before, and right now, of the samples kept for the examination:</source>
      <translation>留作檢驗的樣本中，以前認錯、現在認對的：</translation>
    </message>
    <message>
      <source>What is read right now</source>
      <translation>現在認對的</translation>
    </message>
  </context>
  <context>
    <name>TrainingSamples</name>
    <message>
      <source>About {count} more samples, then a training is worth its time.</source>
      <translation>再有約 {count} 個樣本，就值得訓練了。</translation>
    </message>
    <message>
      <source>Collect samples…</source>
      <translation>採集樣本…</translation>
    </message>
    <message>
      <source>Learned at once, without a training, and counted already: {characters} characters of your hand.</source>
      <translation>無需訓練，已即時學會並用上：您手寫的 {characters} 個字。</translation>
    </message>
    <message>
      <source>Learned at once, without a training, from what you chose: of your first 50 writings {first} were read right, of your last 50 {latest}.</source>
      <translation>無需訓練，已即時從您的選擇中學習：您最初寫的 50 個字認對 {first}，最近的 50 個認對 {latest}。</translation>
    </message>
    <message>
      <source>Samples: {samples}. Characters: {characters}, of which {enough} have at least three.</source>
      <translation>樣本：{samples}。字：{characters}，其中 {enough} 個至少有三個樣本。</translation>
    </message>
    <message>
      <source>There are enough samples for a training.</source>
      <translation>樣本足夠訓練了。</translation>
    </message>
    <message>
      <source>There are no samples yet. Write a character in the window and choose what it is: each choice is a sample. A character needs three of them.</source>
      <translation>還沒有樣本。在視窗中寫一個字並選定它是什麼：每次選定就是一個樣本。每個字需要三個樣本。</translation>
    </message>
    <message>
      <source>What you choose is learned at once, too, without a training.</source>
      <translation>您的選擇也會即時學習，無需訓練。</translation>
    </message>
  </context>
  <context>
    <name>WriteBar</name>
    <message>
      <source>A column</source>
      <translation>直行</translation>
    </message>
    <message>
      <source>A row</source>
      <translation>橫列</translation>
    </message>
    <message>
      <source>Field 田</source>
      <translation>田字格</translation>
    </message>
    <message>
      <source>Guides</source>
      <translation>格線</translation>
    </message>
    <message>
      <source>More</source>
      <translation>更多</translation>
    </message>
    <message>
      <source>None</source>
      <translation>無</translation>
    </message>
    <message>
      <source>One character</source>
      <translation>一個字</translation>
    </message>
    <message>
      <source>Rice 米</source>
      <translation>米字格</translation>
    </message>
    <message>
      <source>Writing</source>
      <translation>書寫方式</translation>
    </message>
  </context>
  <context>
    <name>WriteRoom</name>
    <message>
      <source>Candidates</source>
      <translation>候選字</translation>
    </message>
    <message>
      <source>Characters of the row</source>
      <translation>這一列的字</translation>
    </message>
    <message>
      <source>Clear</source>
      <translation>清除</translation>
    </message>
    <message>
      <source>Copy the text</source>
      <translation>複製文字</translation>
    </message>
    <message>
      <source>Handwriting pad</source>
      <translation>手寫板</translation>
    </message>
    <message>
      <source>Likelier candidates</source>
      <translation>更可能的候選</translation>
    </message>
    <message>
      <source>More candidates</source>
      <translation>更多候選</translation>
    </message>
    <message>
      <source>Not among them? Type it and press Enter</source>
      <translation>不在其中？輸入它並按 Enter</translation>
    </message>
    <message>
      <source>Open…</source>
      <translation>開啟…</translation>
    </message>
    <message>
      <source>Paste</source>
      <translation>貼上</translation>
    </message>
    <message>
      <source>Redo</source>
      <translation>重做</translation>
    </message>
    <message>
      <source>Replay the writing</source>
      <translation>重播書寫過程</translation>
    </message>
    <message>
      <source>Save the writing…</source>
      <translation>儲存筆跡…</translation>
    </message>
    <message>
      <source>Take what is written</source>
      <translation>採用所寫內容</translation>
    </message>
    <message>
      <source>The model is being loaded…</source>
      <translation>模型正在載入…</translation>
    </message>
    <message>
      <source>The right character</source>
      <translation>正確的字</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>復原</translation>
    </message>
    <message>
      <source>Write a character. Keys 1 to 9 choose, Enter or space takes the first.</source>
      <translation>寫一個字。按 1 到 9 選擇，Enter 或空白鍵取第一個。</translation>
    </message>
    <message>
      <source>Write a character. The model is being loaded…</source>
      <translation>寫一個字。模型正在載入…</translation>
    </message>
    <message>
      <source>Write several characters. Keys 1 to 9 correct the marked one, Enter takes the row.</source>
      <translation>寫幾個字。按 1 到 9 改正標出的字，按 Enter 取用整列。</translation>
    </message>
  </context>
  <context>
    <name>errors</name>
    <message>
      <source>--compare takes no --out, --template, --font, --prune or --blocks.</source>
      <translation>--compare 不能與 --out、--template、--font、--prune 或 --blocks 同用。</translation>
    </message>
    <message>
      <source>--watch does not go with --cluster.</source>
      <translation>--watch 不能與 --cluster 同用。</translation>
    </message>
    <message>
      <source>A batch of {count} cannot be shared out evenly among {processes} processes.</source>
      <translation>一批 {count} 個樣本無法平均分給 {processes} 個行程。</translation>
    </message>
    <message>
      <source>A file's name is no text.</source>
      <translation>檔名不是文字。</translation>
    </message>
    <message>
      <source>A glyph needs a gray picture, not {dtype} of shape {shape}.</source>
      <translation>字形須為灰階圖，不能是形狀為 {shape} 的 {dtype}。</translation>
    </message>
    <message>
      <source>A glyph of {width} × {height} px is too large for GNT.</source>
      <translation>{width} × {height} 像素的字形超出了 GNT 的範圍。</translation>
    </message>
    <message>
      <source>A model input of {size} px with a margin of {margin} px is not possible.</source>
      <translation>模型輸入不能是 {size} 像素加 {margin} 像素邊距。</translation>
    </message>
    <message>
      <source>A network cannot grow by pruning.</source>
      <translation>剪枝不能讓網路變大。</translation>
    </message>
    <message>
      <source>A network of the application is missing.</source>
      <translation>缺少應用程式的一個網路。</translation>
    </message>
    <message>
      <source>A picture of {dtype} with shape {shape} cannot be read as a glyph.</source>
      <translation>形狀為 {shape} 的 {dtype} 圖片不能作為字形。</translation>
    </message>
    <message>
      <source>A pruning ratio of {ratio} is not possible.</source>
      <translation>剪枝比例不能是 {ratio}。</translation>
    </message>
    <message>
      <source>A request asks for nothing, or for several things.</source>
      <translation>請求沒有要求任何內容，或要求了多項。</translation>
    </message>
    <message>
      <source>A request has unknown keys: {keys}.</source>
      <translation>請求含有未知的鍵：{keys}。</translation>
    </message>
    <message>
      <source>A request is no JSON.</source>
      <translation>請求不是 JSON。</translation>
    </message>
    <message>
      <source>A request is no object.</source>
      <translation>請求不是物件。</translation>
    </message>
    <message>
      <source>A request is too long.</source>
      <translation>請求太長。</translation>
    </message>
    <message>
      <source>A sample is one character.</source>
      <translation>一個樣本是一個字。</translation>
    </message>
    <message>
      <source>A scale has to be positive.</source>
      <translation>比例須為正數。</translation>
    </message>
    <message>
      <source>A sheet holds 1 to {most} characters.</source>
      <translation>一張字帖可容 1 到 {most} 個字。</translation>
    </message>
    <message>
      <source>A stroke has coordinates that are not numbers or lie beyond any canvas.</source>
      <translation>有一筆的座標不是數字，或超出了畫布範圍。</translation>
    </message>
    <message>
      <source>A stroke has no points.</source>
      <translation>有一筆沒有任何點。</translation>
    </message>
    <message>
      <source>A stroke has points that are not numbers or differ in length.</source>
      <translation>有一筆的點不是數字，或長短不一。</translation>
    </message>
    <message>
      <source>A stroke needs points of 2 to 4 numbers, not an array of shape {shape}.</source>
      <translation>筆畫的每個點須為 2 至 4 個數字，而不是形狀為 {shape} 的陣列。</translation>
    </message>
    <message>
      <source>A study needs samples for the test and others for choices.</source>
      <translation>一項研究需要用於測試的樣本和另外用於選擇的樣本。</translation>
    </message>
    <message>
      <source>A training is at work.</source>
      <translation>訓練正在進行。</translation>
    </message>
    <message>
      <source>All four corner marks and the strip between the upper two must be on the picture.</source>
      <translation>四個角上的標記和上邊兩個標記之間的條碼都要在圖上。</translation>
    </message>
    <message>
      <source>Allow more characters.</source>
      <translation>請放寬字元範圍。</translation>
    </message>
    <message>
      <source>An ink file holds strokes, not pictures.</source>
      <translation>筆跡檔案只能存放筆畫，不能存放圖片。</translation>
    </message>
    <message>
      <source>Another batch is writing into {path}.</source>
      <translation>另一個批次處理正在寫入 {path}。</translation>
    </message>
    <message>
      <source>Another model named {id} is installed already.</source>
      <translation>已裝有另一個名為 {id} 的模型。</translation>
    </message>
    <message>
      <source>Another training is at work in {name}.</source>
      <translation>{name} 中正在進行另一個訓練。</translation>
    </message>
    <message>
      <source>Another training is at work.</source>
      <translation>另一次訓練正在進行。</translation>
    </message>
    <message>
      <source>Another window of this program keeps the open pages.</source>
      <translation>本程式的另一個視窗正在儲存開啟的頁面。</translation>
    </message>
    <message>
      <source>Ask for 1 to {limit}.</source>
      <translation>請在 1 至 {limit} 之間選擇。</translation>
    </message>
    <message>
      <source>Ask for a smaller budget, or give a wider baseline.</source>
      <translation>請減小壓縮倍數，或使用更寬的基準網路。</translation>
    </message>
    <message>
      <source>Ask for others, or leave --only and --characters out.</source>
      <translation>請改要別的字，或去掉 --only 和 --characters。</translation>
    </message>
    <message>
      <source>Begin the run anew.</source>
      <translation>請重新開始訓練。</translation>
    </message>
    <message>
      <source>Call the command above in a terminal.</source>
      <translation>請在終端中執行上面的命令。</translation>
    </message>
    <message>
      <source>Called again, it goes on where it was.</source>
      <translation>再次呼叫時會從停下的地方繼續。</translation>
    </message>
    <message>
      <source>Check its permissions.</source>
      <translation>請檢查其權限。</translation>
    </message>
    <message>
      <source>Check the file.</source>
      <translation>請檢查該檔案。</translation>
    </message>
    <message>
      <source>Check the name.</source>
      <translation>請檢查名稱。</translation>
    </message>
    <message>
      <source>Check the paths and the alphabet of the configuration.</source>
      <translation>請檢查設定檔中的路徑和字元集。</translation>
    </message>
    <message>
      <source>Choose 0 or more and less than 1.</source>
      <translation>請選擇大於等於 0 且小於 1 的數。</translation>
    </message>
    <message>
      <source>Choose a batch_size that is a multiple of the number of processes.</source>
      <translation>請讓 batch_size 為行程數的倍數。</translation>
    </message>
    <message>
      <source>Choose a folder that you may write to.</source>
      <translation>請選擇有寫入權限的資料夾。</translation>
    </message>
    <message>
      <source>Choose a list, or type the characters.</source>
      <translation>請選擇一個字表，或輸入要寫的字。</translation>
    </message>
    <message>
      <source>Choose a teacher that knows all of the student's, or a smaller alphabet.</source>
      <translation>請選擇認識學生網路全部字元的教師，或較小的字元集。</translation>
    </message>
    <message>
      <source>Choose another folder, or a checkpoint of a run of the same network.</source>
      <translation>請選擇另一個資料夾，或同一種網路的訓練檢查點。</translation>
    </message>
    <message>
      <source>Choose another folder, or ask for what is there.</source>
      <translation>請選擇另一個資料夾，或改回與其中內容相同的設定。</translation>
    </message>
    <message>
      <source>Choose another folder, or go on with --resume.</source>
      <translation>請選擇另一個資料夾，或用 --resume 繼續。</translation>
    </message>
    <message>
      <source>Choose another folder, or remove this file: then it is measured again.</source>
      <translation>請選擇另一個資料夾，或刪除這個檔案：之後會重新測量。</translation>
    </message>
    <message>
      <source>Choose another folder.</source>
      <translation>請選擇另一個資料夾。</translation>
    </message>
    <message>
      <source>Choose another list, or type your own.</source>
      <translation>請選擇另一個字表，或自己輸入。</translation>
    </message>
    <message>
      <source>Choose another name, or remove the old bundle.</source>
      <translation>請換一個名稱，或移除原有的模型。</translation>
    </message>
    <message>
      <source>Choose another name, or write over it: --force.</source>
      <translation>請另取名稱，或用 --force 覆蓋。</translation>
    </message>
    <message>
      <source>Choose of {choices}.</source>
      <translation>可選：{choices}。</translation>
    </message>
    <message>
      <source>Choose of {known}, or give a TOML file.</source>
      <translation>可選：{known}；也可以給出 TOML 檔案。</translation>
    </message>
    <message>
      <source>Choose of {known}.</source>
      <translation>請從 {known} 中選擇。</translation>
    </message>
    <message>
      <source>Choose one in the list.</source>
      <translation>請在列表中選擇一個。</translation>
    </message>
    <message>
      <source>Choose other blocks, or drop channels.</source>
      <translation>請選擇其他模組，或者裁剪通道。</translation>
    </message>
    <message>
      <source>Choose the name of a file.</source>
      <translation>請選擇一個檔名。</translation>
    </message>
    <message>
      <source>Close it, then call this again.</source>
      <translation>請先關閉視窗，再執行此命令。</translation>
    </message>
    <message>
      <source>Collect more: of about forty a quarter is held out.</source>
      <translation>請多采集一些：四十個左右中有四分之一留作檢驗。</translation>
    </message>
    <message>
      <source>Collect or import some: of each character a quarter is kept for that, one of three.</source>
      <translation>請採集或匯入一些：每個字的四分之一（三個中的一個）留作此用。</translation>
    </message>
    <message>
      <source>Collect some first, or show others.</source>
      <translation>請先採集一些樣本，或顯示其他樣本。</translation>
    </message>
    <message>
      <source>Coordinates must be finite and within ±{limit}.</source>
      <translation>座標須為有限數，且在 ±{limit} 以內。</translation>
    </message>
    <message>
      <source>Copy a picture, or files of pages, first.</source>
      <translation>請先複製圖片或頁面檔案。</translation>
    </message>
    <message>
      <source>Copy an image first.</source>
      <translation>請先複製一張圖片。</translation>
    </message>
    <message>
      <source>Copy it again.</source>
      <translation>請重新複製。</translation>
    </message>
    <message>
      <source>Copy or download it again.</source>
      <translation>請重新複製或下載。</translation>
    </message>
    <message>
      <source>Copy or download the file again.</source>
      <translation>請重新複製或下載該檔案。</translation>
    </message>
    <message>
      <source>Crop it, or scan at a lower density.</source>
      <translation>請裁剪，或以較低的解析度掃描。</translation>
    </message>
    <message>
      <source>Draw the ink first, or write InkML.</source>
      <translation>請先把筆跡畫成圖片，或改用 InkML。</translation>
    </message>
    <message>
      <source>Each line must be one JSON object.</source>
      <translation>每行須為一個 JSON 物件。</translation>
    </message>
    <message>
      <source>Each line needs `strokes` and `char`.</source>
      <translation>每行須有 `strokes` 和 `char`。</translation>
    </message>
    <message>
      <source>Each needs the keys {keys}.</source>
      <translation>每一項都須有鍵 {keys}。</translation>
    </message>
    <message>
      <source>End its name in .svg, .inkml or .png.</source>
      <translation>請讓檔名以 .svg、.inkml 或 .png 結尾。</translation>
    </message>
    <message>
      <source>End its name in one of {known}.</source>
      <translation>請讓檔名以下列之一結尾：{known}。</translation>
    </message>
    <message>
      <source>Export it again with the trainer of this version, or update the application.</source>
      <translation>請用本版本的訓練器重新匯出，或更新應用程式。</translation>
    </message>
    <message>
      <source>Export it again with this trainer.</source>
      <translation>請用本訓練器重新匯出。</translation>
    </message>
    <message>
      <source>Export it again.</source>
      <translation>請重新匯出。</translation>
    </message>
    <message>
      <source>Export it with the trainer.</source>
      <translation>請用訓練器匯出。</translation>
    </message>
    <message>
      <source>Export the ink again, as one file.</source>
      <translation>請將筆跡重新匯出為一個檔案。</translation>
    </message>
    <message>
      <source>Export the ink again.</source>
      <translation>請重新匯出筆跡。</translation>
    </message>
    <message>
      <source>Export the ink as it was written.</source>
      <translation>請按書寫原樣匯出筆跡。</translation>
    </message>
    <message>
      <source>Export the ink with positions.</source>
      <translation>請匯出帶座標的筆跡。</translation>
    </message>
    <message>
      <source>Export this one under another name.</source>
      <translation>請用另一個名稱匯出。</translation>
    </message>
    <message>
      <source>Fetch it again.</source>
      <translation>請重新取得。</translation>
    </message>
    <message>
      <source>Form {number} of {count}: {name}.</source>
      <translation>第 {number} 種形式，共 {count} 種：{name}。</translation>
    </message>
    <message>
      <source>Free some space on the disk.</source>
      <translation>請騰出一些磁碟空間。</translation>
    </message>
    <message>
      <source>Free some space, and save the text before you close the program.</source>
      <translation>請騰出一些空間，並在關閉程式前儲存文字。</translation>
    </message>
    <message>
      <source>Free some space, or move the file away: a new one will be made.</source>
      <translation>請騰出一些空間，或把該檔案移走：程式會新建一個。</translation>
    </message>
    <message>
      <source>GNT holds one character of GBK a record, not “{character}”.</source>
      <translation>GNT 每筆記錄只能存一個 GBK 字元，不能存「{character}」。</translation>
    </message>
    <message>
      <source>GNT holds pictures, not ink.</source>
      <translation>GNT 只能存放圖片，不能存放筆跡。</translation>
    </message>
    <message>
      <source>Give GNT, labeled ink, or images named by character.</source>
      <translation>請提供 GNT、帶標註的筆跡，或以字命名的圖片。</translation>
    </message>
    <message>
      <source>Give TrueType or OpenType files.</source>
      <translation>請提供 TrueType 或 OpenType 檔案。</translation>
    </message>
    <message>
      <source>Give a checkpoint, or the folder of a run.</source>
      <translation>請給出檢查點，或一次訓練的資料夾。</translation>
    </message>
    <message>
      <source>Give a file, or a folder of files.</source>
      <translation>請給出檔案，或含有檔案的資料夾。</translation>
    </message>
    <message>
      <source>Give a file.</source>
      <translation>請提供檔案。</translation>
    </message>
    <message>
      <source>Give a folder of images.</source>
      <translation>請提供圖片資料夾。</translation>
    </message>
    <message>
      <source>Give a folder outside of those that are read.</source>
      <translation>請給出不在所讀資料夾之內的資料夾。</translation>
    </message>
    <message>
      <source>Give a list of strokes, each a list of points.</source>
      <translation>請給出筆畫的列表，每一筆是點的列表。</translation>
    </message>
    <message>
      <source>Give a model that was made for it.</source>
      <translation>請給出為此製作的模型。</translation>
    </message>
    <message>
      <source>Give a path.</source>
      <translation>請給出路徑。</translation>
    </message>
    <message>
      <source>Give a shorter text.</source>
      <translation>請給出較短的文字。</translation>
    </message>
    <message>
      <source>Give a smaller file.</source>
      <translation>請換一個較小的檔案。</translation>
    </message>
    <message>
      <source>Give a source a test_share.</source>
      <translation>請給某個來源設定 test_share。</translation>
    </message>
    <message>
      <source>Give a table of ideographic descriptions.</source>
      <translation>請提供漢字結構描述表。</translation>
    </message>
    <message>
      <source>Give a whole number from 1 on.</source>
      <translation>請給出從 1 起的整數。</translation>
    </message>
    <message>
      <source>Give an InkML file.</source>
      <translation>請提供 InkML 檔案。</translation>
    </message>
    <message>
      <source>Give an archive of images.</source>
      <translation>請提供存放圖片的壓縮檔。</translation>
    </message>
    <message>
      <source>Give at least three samples of a character.</source>
      <translation>每個字至少給出三個樣本。</translation>
    </message>
    <message>
      <source>Give each point as x, y, and optionally time and pressure.</source>
      <translation>每個點寫作 x、y，可再加時間和壓力。</translation>
    </message>
    <message>
      <source>Give it another name where it is another picture, or open the folder in the window: Read again reads it.</source>
      <translation>如果是另一張圖片，請給它另取名稱；或在視窗中開啟該資料夾，用「重新辨識」辨識它。</translation>
    </message>
    <message>
      <source>Give just one.</source>
      <translation>請只給一個字。</translation>
    </message>
    <message>
      <source>Give labeled samples.</source>
      <translation>請提供帶標註的樣本。</translation>
    </message>
    <message>
      <source>Give last.pt or best.pt of a run of `fit`.</source>
      <translation>請提供某次 `fit` 訓練的 last.pt 或 best.pt。</translation>
    </message>
    <message>
      <source>Give one of {known}.</source>
      <translation>請給出 {known} 之一。</translation>
    </message>
    <message>
      <source>Give photographs.</source>
      <translation>請提供照片。</translation>
    </message>
    <message>
      <source>Give samples of at least two characters.</source>
      <translation>請提供至少兩個字的樣本。</translation>
    </message>
    <message>
      <source>Give samples, --template, or --font with --characters.</source>
      <translation>請提供樣本、--template，或 --font 加 --characters。</translation>
    </message>
    <message>
      <source>Give samples, or the replay bank.</source>
      <translation>請提供樣本或回放庫。</translation>
    </message>
    <message>
      <source>Give smaller `inner` widths.</source>
      <translation>請給出較小的 `inner` 寬度。</translation>
    </message>
    <message>
      <source>Give strokes, a file or a page.</source>
      <translation>請給出筆畫、檔案或頁面。</translation>
    </message>
    <message>
      <source>Give test_share and validation_share.</source>
      <translation>請給出 test_share 和 validation_share。</translation>
    </message>
    <message>
      <source>Give text files in UTF-8.</source>
      <translation>請提供 UTF-8 文字檔。</translation>
    </message>
    <message>
      <source>Give text in UTF-8, plain or gzipped.</source>
      <translation>請提供 UTF-8 文字，可用 gzip 壓縮。</translation>
    </message>
    <message>
      <source>Give that folder its model's name.</source>
      <translation>請把該資料夾改為其中模型的名稱。</translation>
    </message>
    <message>
      <source>Give the folder of a model, with its manifest.</source>
      <translation>請提供帶清單的模型資料夾。</translation>
    </message>
    <message>
      <source>Give the folder or zip of a model.</source>
      <translation>請提供模型的資料夾或 zip。</translation>
    </message>
    <message>
      <source>Give the folder or zip that the trainer exported.</source>
      <translation>請提供訓練器匯出的資料夾或 zip。</translation>
    </message>
    <message>
      <source>Give the name of a new folder.</source>
      <translation>請給出一個新資料夾的名字。</translation>
    </message>
    <message>
      <source>Give the path of a TOML file.</source>
      <translation>請給出 TOML 檔案的路徑。</translation>
    </message>
    <message>
      <source>Give uint8 pixels of shape (height, width).</source>
      <translation>請提供形狀為（高，寬）的 uint8 像素。</translation>
    </message>
    <message>
      <source>Give uint8 pixels, gray or RGB, with or without alpha.</source>
      <translation>請提供 uint8 像素，灰階或 RGB，可帶透明度。</translation>
    </message>
    <message>
      <source>Images, GNT, InkML and ink as JSON lines can be read; pages in PDFs and archives by `hccr batch`.</source>
      <translation>可以辨識圖片、GNT、InkML 和 JSON 行格式的筆跡；PDF 和壓縮包中的頁面請用 `hccr batch`。</translation>
    </message>
    <message>
      <source>Ink of every label goes into a .jsonl file, pictures of one character into a folder.</source>
      <translation>任何標籤的筆跡都可存為 .jsonl 檔案，單字圖片可存入資料夾。</translation>
    </message>
    <message>
      <source>InkML holds strokes, not pictures.</source>
      <translation>InkML 只能存放筆畫，不能存放圖片。</translation>
    </message>
    <message>
      <source>Install it again, or choose another: `hccr models activate ID`, or --model.</source>
      <translation>請重新安裝它，或選擇另一個：`hccr models activate ID`，或用 --model。</translation>
    </message>
    <message>
      <source>Install it: the guide says how.</source>
      <translation>請安裝訓練器，使用指南中有說明。</translation>
    </message>
    <message>
      <source>Install rapidocr again.</source>
      <translation>請重新安裝 rapidocr。</translation>
    </message>
    <message>
      <source>Install the application again, or a model with `hccr models install`.</source>
      <translation>請重新安裝本程式，或用 `hccr models install` 安裝模型。</translation>
    </message>
    <message>
      <source>Install the application again.</source>
      <translation>請重新安裝程式。</translation>
    </message>
    <message>
      <source>Install the model again.</source>
      <translation>請重新安裝該模型。</translation>
    </message>
    <message>
      <source>Install the newest version; the file stays as it is.</source>
      <translation>請安裝最新版本；該檔案保持原樣。</translation>
    </message>
    <message>
      <source>It cannot be read ({reason}).</source>
      <translation>無法讀取（{reason}）。</translation>
    </message>
    <message>
      <source>It cannot be shown that {name} answers alike on all processors.</source>
      <translation>無法證明 {name} 在所有處理器上結果相同。</translation>
    </message>
    <message>
      <source>It needs the network and about 6 GB of disk; the command above can be called in a terminal, too.</source>
      <translation>這需要網路和約 6 GB 磁碟空間；上面的命令也可以在終端中執行。</translation>
    </message>
    <message>
      <source>It was looked through in the window and is not read over; {formats} is not made of it.</source>
      <translation>該頁已在視窗中核對，不再重新辨識；沒有產生 {formats}。</translation>
    </message>
    <message>
      <source>It was lost on the cluster ({reason}).</source>
      <translation>它在叢集上遺失了（{reason}）。</translation>
    </message>
    <message>
      <source>Its characters are remembered where it was printed.</source>
      <translation>字帖上的字只記在列印它的那台電腦上。</translation>
    </message>
    <message>
      <source>Its file was changed since somebody looked through it, and is not read over that.</source>
      <translation>檔案在核對之後有了變化，不會覆蓋核對過的結果。</translation>
    </message>
    <message>
      <source>Keep its logits instead.</source>
      <translation>請改為保留它的 logits。</translation>
    </message>
    <message>
      <source>Keys cannot be pressed in other programs here ({why}).</source>
      <translation>這裡無法在其他程式中模擬按鍵（{why}）。</translation>
    </message>
    <message>
      <source>Leave empty ink out.</source>
      <translation>請去掉空筆跡。</translation>
    </message>
    <message>
      <source>Leave empty strokes out.</source>
      <translation>請去掉空筆畫。</translation>
    </message>
    <message>
      <source>Leave other sources out, or prenormalized.</source>
      <translation>請去掉其他來源，或去掉 prenormalized。</translation>
    </message>
    <message>
      <source>Leave them out.</source>
      <translation>請去掉它們。</translation>
    </message>
    <message>
      <source>Left out, new ones take three samples each: {characters}</source>
      <translation>已略去，新字每個需要三個樣本：{characters}</translation>
    </message>
    <message>
      <source>Left out, the model does not know them: {characters}</source>
      <translation>已略過模型不認識的字：{characters}</translation>
    </message>
    <message>
      <source>Left out, they are not one character: {labels}</source>
      <translation>已略去，標籤不是單個字：{labels}</translation>
    </message>
    <message>
      <source>Lines are looked for by one network alone: {reason}</source>
      <translation>只由一個網路尋找各行：{reason}</translation>
    </message>
    <message>
      <source>Lower the learning rate, or begin anew with another seed; the last checkpoint is good.</source>
      <translation>請降低學習率，或換一個隨機種子重新開始；最後的檢查點是好的。</translation>
    </message>
    <message>
      <source>Match the features of a teacher with the same widths.</source>
      <translation>請與各層寬度相同的教師對齊特徵。</translation>
    </message>
    <message>
      <source>Name images or their folders like 京 or U+4EAC.</source>
      <translation>請以 京 或 U+4EAC 這樣的名稱命名圖片或其資料夾。</translation>
    </message>
    <message>
      <source>Name teachers out of {known} in the table committee.</source>
      <translation>請在 committee 表中從 {known} 裡指定教師。</translation>
    </message>
    <message>
      <source>Names are letters, digits, . _ and -, at most 64.</source>
      <translation>名稱只能含字母、數字、. _ 和 -，最多 64 個。</translation>
    </message>
    <message>
      <source>Names are letters, digits, . _ and -.</source>
      <translation>名稱只能用字母、數字和 . _ -。</translation>
    </message>
    <message>
      <source>No CUDA device is available.</source>
      <translation>沒有可用的 CUDA 裝置。</translation>
    </message>
    <message>
      <source>No address is set to look characters up.</source>
      <translation>沒有設定查字的網址。</translation>
    </message>
    <message>
      <source>No characters were found on pictures in {name}.</source>
      <translation>在 {name} 的圖片中沒有找到字。</translation>
    </message>
    <message>
      <source>No choice of compact blocks is {budget} times smaller than the baseline.</source>
      <translation>沒有任何緊湊模組的組合能比基準網路小 {budget} 倍。</translation>
    </message>
    <message>
      <source>No model is chosen.</source>
      <translation>沒有選擇模型。</translation>
    </message>
    <message>
      <source>No model is installed.</source>
      <translation>沒有安裝任何模型。</translation>
    </message>
    <message>
      <source>No other model was active before.</source>
      <translation>此前沒有啟用過其他模型。</translation>
    </message>
    <message>
      <source>No page is read yet.</source>
      <translation>還沒有辨識任何頁面。</translation>
    </message>
    <message>
      <source>No sample is of a character that {name} knows.</source>
      <translation>樣本中沒有 {name} 認識的字。</translation>
    </message>
    <message>
      <source>No training samples were found.</source>
      <translation>沒有找到訓練樣本。</translation>
    </message>
    <message>
      <source>Not everything could be deleted ({what}).</source>
      <translation>沒能全部刪除（{what}）。</translation>
    </message>
    <message>
      <source>Of the samples {count} are held out, too few to examine a model on.</source>
      <translation>留作檢驗的樣本只有 {count} 個，太少，無法檢驗模型。</translation>
    </message>
    <message>
      <source>Of the {count} pictures in {name} only the first is read.</source>
      <translation>{name} 含有 {count} 張圖片，只辨識第一張。</translation>
    </message>
    <message>
      <source>Of {count} files with characters the first was opened: {name}.</source>
      <translation>{count} 個含字的檔案中只開啟了第一個：{name}。</translation>
    </message>
    <message>
      <source>Only `inner` may differ.</source>
      <translation>只有 `inner` 可以不同。</translation>
    </message>
    <message>
      <source>Only scans can be normalized once.</source>
      <translation>只有掃描圖可以只正規化一次。</translation>
    </message>
    <message>
      <source>Only the first {count} pages of {name} can be read.</source>
      <translation>{name} 只能讀取前 {count} 頁。</translation>
    </message>
    <message>
      <source>Open a scan, a photograph or a folder of them.</source>
      <translation>請開啟掃描檔、照片或存放它們的資料夾。</translation>
    </message>
    <message>
      <source>Open an image of one character.</source>
      <translation>請開啟單字圖片。</translation>
    </message>
    <message>
      <source>Open the folder in the window, and save the page there.</source>
      <translation>請在視窗中開啟該資料夾，並在那裡儲存該頁。</translation>
    </message>
    <message>
      <source>Open their files again.</source>
      <translation>請重新開啟這些檔案。</translation>
    </message>
    <message>
      <source>PNG, JPEG, BMP, GIF, TIFF, WebP, JPEG 2000, AVIF and PPM can be read.</source>
      <translation>可以讀取 PNG、JPEG、BMP、GIF、TIFF、WebP、JPEG 2000、AVIF 和 PPM。</translation>
    </message>
    <message>
      <source>PP-OCRv6 is not installed.</source>
      <translation>沒有安裝 PP-OCRv6。</translation>
    </message>
    <message>
      <source>Page {number} of {name} has no size.</source>
      <translation>{name} 的第 {number} 頁沒有尺寸。</translation>
    </message>
    <message>
      <source>Page {number} of {name} is damaged.</source>
      <translation>{name} 的第 {number} 頁已損壞。</translation>
    </message>
    <message>
      <source>Please report it.</source>
      <translation>請報告此問題。</translation>
    </message>
    <message>
      <source>Prune a network of basic blocks or bottlenecks.</source>
      <translation>請對由基本塊或瓶頸塊組成的網路剪枝。</translation>
    </message>
    <message>
      <source>Put at least two into {folder}.</source>
      <translation>請在 {folder} 中放入至少兩個。</translation>
    </message>
    <message>
      <source>Put one into Settings, under Writing; a pair of braces in it stands for the character.</source>
      <translation>請在「設定」的「書寫方式」裡填入；其中一對花括號代表要查的字。</translation>
    </message>
    <message>
      <source>Quantize the network again with this trainer.</source>
      <translation>請用本訓練器重新量化該網路。</translation>
    </message>
    <message>
      <source>Quantize the network with this trainer.</source>
      <translation>請用本訓練器量化該網路。</translation>
    </message>
    <message>
      <source>Ray is not installed.</source>
      <translation>沒有安裝 Ray。</translation>
    </message>
    <message>
      <source>Read it again.</source>
      <translation>請重新辨識。</translation>
    </message>
    <message>
      <source>Remove it; it is made again.</source>
      <translation>請刪除它；程式會重新產生。</translation>
    </message>
    <message>
      <source>Remove or replace them.</source>
      <translation>請移除或替換它們。</translation>
    </message>
    <message>
      <source>Report it, with the picture.</source>
      <translation>請連同圖片一起報告此問題。</translation>
    </message>
    <message>
      <source>Report it, with the versions of torch and onnxruntime.</source>
      <translation>請報告此問題，並附上 torch 和 onnxruntime 的版本。</translation>
    </message>
    <message>
      <source>Rows are read by the program's own network, which errs more often: {reason}</source>
      <translation>橫排改由程式自己的網路辨識，錯誤較多：{reason}</translation>
    </message>
    <message>
      <source>Run the batch again, with --force, or open the pictures themselves.</source>
      <translation>請加 --force 重新執行批次處理，或直接開啟圖片。</translation>
    </message>
    <message>
      <source>Save it again, or split it.</source>
      <translation>請重新儲存，或將其拆分。</translation>
    </message>
    <message>
      <source>Save it again.</source>
      <translation>請重新儲存。</translation>
    </message>
    <message>
      <source>Save it as JPEG or PNG; beside Python, `pip install pillow-heif` reads it.</source>
      <translation>請另存為 JPEG 或 PNG；用 Python 安裝時，可執行 `pip install pillow-heif` 來讀取。</translation>
    </message>
    <message>
      <source>Save it as PNG or JPEG.</source>
      <translation>請另存為 PNG 或 JPEG。</translation>
    </message>
    <message>
      <source>Save it in UTF-8.</source>
      <translation>請以 UTF-8 儲存。</translation>
    </message>
    <message>
      <source>Save it smaller.</source>
      <translation>請儲存得小一些。</translation>
    </message>
    <message>
      <source>Save it without one and try again.</source>
      <translation>請另存為不帶密碼的檔案再試。</translation>
    </message>
    <message>
      <source>Save it without protection.</source>
      <translation>請去除保護後另存。</translation>
    </message>
    <message>
      <source>Save or copy it again.</source>
      <translation>請重新儲存或複製。</translation>
    </message>
    <message>
      <source>Save the others as files of their own.</source>
      <translation>請把其他圖片另存為單獨的檔案。</translation>
    </message>
    <message>
      <source>Save the page under another name.</source>
      <translation>請用另一個名字儲存該頁。</translation>
    </message>
    <message>
      <source>See trainer/config.py for the keys.</source>
      <translation>各個鍵見 trainer/config.py。</translation>
    </message>
    <message>
      <source>Send at most {most} bytes.</source>
      <translation>最多傳送 {most} 位元組。</translation>
    </message>
    <message>
      <source>Send one a line, with strokes, a file or a page in it.</source>
      <translation>每行傳送一個，其中含筆畫、檔案或頁面。</translation>
    </message>
    <message>
      <source>Send one object a line.</source>
      <translation>每行傳送一個物件。</translation>
    </message>
    <message>
      <source>Send them by a pipe.</source>
      <translation>請用管道傳送。</translation>
    </message>
    <message>
      <source>Sheet {number} was not printed on this computer.</source>
      <translation>字帖 {number} 不是在這台電腦上列印的。</translation>
    </message>
    <message>
      <source>Something unexpected went wrong ({kind}: {error}).</source>
      <translation>發生了意外錯誤（{kind}：{error}）。</translation>
    </message>
    <message>
      <source>Split it, or give a smaller file.</source>
      <translation>請拆分它，或提供較小的檔案。</translation>
    </message>
    <message>
      <source>Split it.</source>
      <translation>請拆分該檔案。</translation>
    </message>
    <message>
      <source>Start it from a desktop session, or use the command line: hccr recognize FILE.</source>
      <translation>請在桌面工作階段中啟動，或使用命令列：hccr recognize FILE。</translation>
    </message>
    <message>
      <source>Strokes are no list.</source>
      <translation>筆畫不是列表。</translation>
    </message>
    <message>
      <source>Take smaller batches, or close other programs; the last checkpoint is good.</source>
      <translation>請減小批次大小，或關閉其他程式；最後的檢查點是好的。</translation>
    </message>
    <message>
      <source>Text goes into the box below.</source>
      <translation>文字寫在下面的框裡。</translation>
    </message>
    <message>
      <source>The alphabet has {count} character(s); there is nothing to tell apart.</source>
      <translation>字元集只有 {count} 個字，沒有可區分的。</translation>
    </message>
    <message>
      <source>The bank has no answers of {name}.</source>
      <translation>課程庫中沒有 {name} 的答案。</translation>
    </message>
    <message>
      <source>The canary of {id} is damaged.</source>
      <translation>{id} 的校驗樣本已損壞。</translation>
    </message>
    <message>
      <source>The character is on the clipboard: paste it there.</source>
      <translation>字已在剪貼簿上：請在那裡貼上。</translation>
    </message>
    <message>
      <source>The character table is empty or has blank entries.</source>
      <translation>字表為空或含有空白項。</translation>
    </message>
    <message>
      <source>The character table names a character twice.</source>
      <translation>字表中有重複的字。</translation>
    </message>
    <message>
      <source>The character table of {id} does not belong to it.</source>
      <translation>{id} 的字表與模型不符。</translation>
    </message>
    <message>
      <source>The clipboard holds no image.</source>
      <translation>剪貼簿中沒有圖片。</translation>
    </message>
    <message>
      <source>The clipboard holds no picture and no files.</source>
      <translation>剪貼簿中沒有圖片，也沒有檔案。</translation>
    </message>
    <message>
      <source>The dictionary's file {name} cannot be read.</source>
      <translation>無法讀取詞典檔案 {name}。</translation>
    </message>
    <message>
      <source>The exported model differs from torch by {difference} in a probability.</source>
      <translation>匯出的模型與 torch 的機率相差 {difference}。</translation>
    </message>
    <message>
      <source>The file holds more than {most} characters.</source>
      <translation>檔案中的字超過 {most} 個。</translation>
    </message>
    <message>
      <source>The file is damaged or no GNT file.</source>
      <translation>檔案已損壞，或不是 GNT 檔案。</translation>
    </message>
    <message>
      <source>The folder {name} holds another model.</source>
      <translation>資料夾 {name} 中是另一個模型。</translation>
    </message>
    <message>
      <source>The ink has {count} points, more than the {limit} allowed.</source>
      <translation>筆跡有 {count} 個點，超過了允許的 {limit} 個。</translation>
    </message>
    <message>
      <source>The installer does not start.</source>
      <translation>安裝程式無法啟動。</translation>
    </message>
    <message>
      <source>The journal in {path} cannot be used ({reason}).</source>
      <translation>{path} 中的日誌無法使用（{reason}）。</translation>
    </message>
    <message>
      <source>The loss became {loss} at step {step}.</source>
      <translation>在第 {step} 步損失變成了 {loss}。</translation>
    </message>
    <message>
      <source>The manifest and the model file of {id} contradict each other.</source>
      <translation>{id} 的清單與模型檔案互相矛盾。</translation>
    </message>
    <message>
      <source>The manifest of {name} is damaged or foreign.</source>
      <translation>{name} 的清單已損壞或來自別處。</translation>
    </message>
    <message>
      <source>The memory does not suffice for batches of {count}.</source>
      <translation>記憶體不夠處理每批 {count} 個樣本。</translation>
    </message>
    <message>
      <source>The model does not know {count} of the characters: {characters}.</source>
      <translation>其中 {count} 個字模型不認識：{characters}。</translation>
    </message>
    <message>
      <source>The model expects its input prepared in another way ({found}, here {own}).</source>
      <translation>該模型要求另一種輸入預處理方式（{found}，此處為 {own}）。</translation>
    </message>
    <message>
      <source>The model file of {id} cannot be loaded.</source>
      <translation>無法載入 {id} 的模型檔案。</translation>
    </message>
    <message>
      <source>The model file of {id} is not one of this application.</source>
      <translation>{id} 的模型檔案不屬於本程式。</translation>
    </message>
    <message>
      <source>The model file of {id} takes or gives other shapes than its manifest says.</source>
      <translation>{id} 的模型檔案的輸入或輸出形狀與清單不符。</translation>
    </message>
    <message>
      <source>The model file of {id} was changed or damaged.</source>
      <translation>{id} 的模型檔案被改動或已損壞。</translation>
    </message>
    <message>
      <source>The model in use is as it was.</source>
      <translation>使用中的模型沒有改變。</translation>
    </message>
    <message>
      <source>The model in use, {id}, is damaged.</source>
      <translation>正在使用的模型 {id} 已損壞。</translation>
    </message>
    <message>
      <source>The model in {name} has no usable name.</source>
      <translation>{name} 中的模型沒有可用的名稱。</translation>
    </message>
    <message>
      <source>The model is being loaded…</source>
      <translation>模型正在載入…</translation>
    </message>
    <message>
      <source>The model knows none of the characters asked for.</source>
      <translation>模型不認識所選範圍裡的任何字元。</translation>
    </message>
    <message>
      <source>The open pages cannot be kept in {path} ({reason}).</source>
      <translation>開啟的頁面無法儲存到 {path}（{reason}）。</translation>
    </message>
    <message>
      <source>The open pages of last time are damaged; they were set aside as {name}.</source>
      <translation>上次開啟的頁面已損壞；已另存為 {name}。</translation>
    </message>
    <message>
      <source>The pictures of --debug would lie among the pages.</source>
      <translation>--debug 的圖片會混在頁面之中。</translation>
    </message>
    <message>
      <source>The samples in {path} are being used by another program.</source>
      <translation>{path} 中的樣本正被另一個程式使用。</translation>
    </message>
    <message>
      <source>The samples in {path} cannot be used ({reason}).</source>
      <translation>{path} 中的樣本無法使用（{reason}）。</translation>
    </message>
    <message>
      <source>The shard {name} is damaged.</source>
      <translation>分片 {name} 已損壞。</translation>
    </message>
    <message>
      <source>The stages of {name} are {widths} wide, not {wanted}.</source>
      <translation>{name} 各級的寬度是 {widths}，不是 {wanted}。</translation>
    </message>
    <message>
      <source>The study was stopped.</source>
      <translation>研究已停止。</translation>
    </message>
    <message>
      <source>The teacher {file} is missing.</source>
      <translation>缺少教師 {file}。</translation>
    </message>
    <message>
      <source>The teacher {name} does not know {count} characters: {characters}.</source>
      <translation>教師 {name} 不認識 {count} 個字：{characters}。</translation>
    </message>
    <message>
      <source>The teacher {name} takes input of {size} px, not of {wanted}.</source>
      <translation>教師 {name} 的輸入是 {size} 像素，不是 {wanted} 像素。</translation>
    </message>
    <message>
      <source>The trainer cannot be started.</source>
      <translation>訓練器無法啟動。</translation>
    </message>
    <message>
      <source>The trainer could not be installed: {why}</source>
      <translation>訓練器未能安裝：{why}</translation>
    </message>
    <message>
      <source>The trainer ended unexpectedly (code {code}): {last}</source>
      <translation>訓練器意外結束（代碼 {code}）：{last}</translation>
    </message>
    <message>
      <source>The weights are of another architecture.</source>
      <translation>權重屬於另一種網路結構。</translation>
    </message>
    <message>
      <source>The weights of {name} could overflow on older processors.</source>
      <translation>{name} 的權重在較舊的處理器上可能溢位。</translation>
    </message>
    <message>
      <source>The window is open, and would keep its text anew.</source>
      <translation>視窗仍然開著，會重新儲存其中的文字。</translation>
    </message>
    <message>
      <source>There are no characters to write pages with.</source>
      <translation>沒有可用來寫頁面的字。</translation>
    </message>
    <message>
      <source>There are no pictures in it.</source>
      <translation>裡面沒有圖片。</translation>
    </message>
    <message>
      <source>There are no samples to compare the models on.</source>
      <translation>沒有可用來比較模型的樣本。</translation>
    </message>
    <message>
      <source>There are no samples to write.</source>
      <translation>沒有可寫出的樣本。</translation>
    </message>
    <message>
      <source>There are no test samples to calibrate and compare with.</source>
      <translation>沒有可用來校準和比較的測試樣本。</translation>
    </message>
    <message>
      <source>There are {count} fonts for {script}.</source>
      <translation>{script} 只有 {count} 種字型。</translation>
    </message>
    <message>
      <source>There is no character to ask for.</source>
      <translation>沒有要寫的字。</translation>
    </message>
    <message>
      <source>There is no model named {name}.</source>
      <translation>沒有名為 {name} 的模型。</translation>
    </message>
    <message>
      <source>There is no recipe {name}.</source>
      <translation>沒有名為 {name} 的配方。</translation>
    </message>
    <message>
      <source>There is no screen to open a window on (DISPLAY is “{display}”).</source>
      <translation>沒有可用的螢幕來開啟視窗（DISPLAY 為「{display}」）。</translation>
    </message>
    <message>
      <source>There is no standard input to take requests from.</source>
      <translation>沒有可以讀取請求的標準輸入。</translation>
    </message>
    <message>
      <source>There is no text to learn from.</source>
      <translation>沒有可供學習的文字。</translation>
    </message>
    <message>
      <source>There is no writing to practice these characters with, they may be forgotten: {characters}</source>
      <translation>沒有可供練習這些字的樣本，它們可能會被遺忘：{characters}</translation>
    </message>
    <message>
      <source>There is no writing to save.</source>
      <translation>沒有可儲存的筆跡。</translation>
    </message>
    <message>
      <source>There is nothing to learn from.</source>
      <translation>沒有可供學習的內容。</translation>
    </message>
    <message>
      <source>There is nothing written here.</source>
      <translation>這裡什麼也沒有寫。</translation>
    </message>
    <message>
      <source>This is no model of this application.</source>
      <translation>這不是本程式的模型。</translation>
    </message>
    <message>
      <source>This list is empty.</source>
      <translation>這個字表是空的。</translation>
    </message>
    <message>
      <source>This network has no channels to drop.</source>
      <translation>這個網路沒有可去掉的通道。</translation>
    </message>
    <message>
      <source>This network has such blocks already, or none that they can stand in for.</source>
      <translation>這個網路已經使用這種模組，或者沒有可替換的模組。</translation>
    </message>
    <message>
      <source>Train at its size, or choose another teacher.</source>
      <translation>請按它的尺寸訓練，或選擇另一個教師。</translation>
    </message>
    <message>
      <source>Train with the recipe that the bank was made by, or fill another.</source>
      <translation>請用製作該課程庫的配方訓練，或另行填充一個。</translation>
    </message>
    <message>
      <source>Training configuration: characters: {name} is no alphabet.</source>
      <translation>訓練設定：characters：{name} 不是字元集。</translation>
    </message>
    <message>
      <source>Training configuration: {key}: {reason}.</source>
      <translation>訓練設定：{key}：{reason}。</translation>
    </message>
    <message>
      <source>Try again in a moment.</source>
      <translation>請稍後再試。</translation>
    </message>
    <message>
      <source>Try again when it has ended.</source>
      <translation>等它結束後再試。</translation>
    </message>
    <message>
      <source>Unpack and split it.</source>
      <translation>請解壓縮並拆分。</translation>
    </message>
    <message>
      <source>Unpack it and choose one.</source>
      <translation>請解壓縮後選擇其中一個。</translation>
    </message>
    <message>
      <source>Unpack it first.</source>
      <translation>請先將其解壓縮。</translation>
    </message>
    <message>
      <source>Unpack it into the folder.</source>
      <translation>請解壓縮到該資料夾。</translation>
    </message>
    <message>
      <source>Unpack the archive, and give what is in it.</source>
      <translation>請先解壓縮，再開啟其中的檔案。</translation>
    </message>
    <message>
      <source>Update the application, or export the model again.</source>
      <translation>請更新本程式，或重新匯出模型。</translation>
    </message>
    <message>
      <source>Use --charset union to teach them to it, or leave them out.</source>
      <translation>請用 --charset union 教給它，或去掉這些字。</translation>
    </message>
    <message>
      <source>Use --seeds N.</source>
      <translation>請用 --seeds N。</translation>
    </message>
    <message>
      <source>Use 1, or a small part such as 0.01.</source>
      <translation>請用 1，或 0.01 之類的較小比例。</translation>
    </message>
    <message>
      <source>Use a folder of images or InkML for it.</source>
      <translation>請改用圖片資料夾或 InkML。</translation>
    </message>
    <message>
      <source>Use device = "auto" or "cpu".</source>
      <translation>請用 device = "auto" 或 "cpu"。</translation>
    </message>
    <message>
      <source>Use gb2312, gb2312-1, latin, sources or @FILE, joined by +.</source>
      <translation>請用 gb2312、gb2312-1、latin、sources 或 @FILE，以 + 相連。</translation>
    </message>
    <message>
      <source>Use gb2312-1 or lines.</source>
      <translation>請使用 gb2312-1 或 lines。</translation>
    </message>
    <message>
      <source>Wait for it, or choose another folder.</source>
      <translation>請等它結束，或選擇另一個資料夾。</translation>
    </message>
    <message>
      <source>Wait for its end, or end it, then call this again.</source>
      <translation>請等它結束，或將它結束，然後再執行一次。</translation>
    </message>
    <message>
      <source>Wait for its end, or stop it.</source>
      <translation>請等待它結束，或停止它。</translation>
    </message>
    <message>
      <source>Wait until one is; nothing was written.</source>
      <translation>請等待辨識完成；沒有寫入任何內容。</translation>
    </message>
    <message>
      <source>Watch on one computer, or leave --watch out.</source>
      <translation>請在一台電腦上監視，或去掉 --watch。</translation>
    </message>
    <message>
      <source>What is read and corrected here is gone when this one is closed; save it.</source>
      <translation>關閉此視窗後，這裡辨識和改正的內容將遺失；請儲存。</translation>
    </message>
    <message>
      <source>Write one character at a time.</source>
      <translation>請一次只寫一個字。</translation>
    </message>
    <message>
      <source>Write one character, or open an image with dark ink on light paper.</source>
      <translation>請寫一個字，或開啟淺底深字的圖片。</translation>
    </message>
    <message>
      <source>Write one character, then type that one.</source>
      <translation>請先寫一個字，再輸入那一個字。</translation>
    </message>
    <message>
      <source>Write pictures as GNT or a folder.</source>
      <translation>圖片請存為 GNT 或資料夾。</translation>
    </message>
    <message>
      <source>Write something first.</source>
      <translation>請先寫點什麼。</translation>
    </message>
    <message>
      <source>Write them as .jsonl, or fewer.</source>
      <translation>請寫成 .jsonl，或減少數量。</translation>
    </message>
    <message>
      <source>`hccr models activate` chooses one.</source>
      <translation>可用 `hccr models activate` 選擇。</translation>
    </message>
    <message>
      <source>`hccr models list` shows those at hand.</source>
      <translation>可用 `hccr models list` 檢視現有模型。</translation>
    </message>
    <message>
      <source>`pip install rapidocr` installs it.</source>
      <translation>用 `pip install rapidocr` 安裝。</translation>
    </message>
    <message>
      <source>`python -m trainer teach` fills it.</source>
      <translation>用 `python -m trainer teach` 填充它。</translation>
    </message>
    <message>
      <source>`python -m trainer teach` makes one.</source>
      <translation>可用 `python -m trainer teach` 產生。</translation>
    </message>
    <message>
      <source>pip install "hccr-desktop[cluster]" installs it.</source>
      <translation>用 pip install "hccr-desktop[cluster]" 安裝。</translation>
    </message>
    <message>
      <source>{count} images could not be read, {first} first.</source>
      <translation>有 {count} 張圖片無法讀取，第一張是 {first}。</translation>
    </message>
    <message>
      <source>{count} samples are more than one InkML file may hold.</source>
      <translation>{count} 個樣本超出了一個 InkML 檔案所能容納的數量。</translation>
    </message>
    <message>
      <source>{count} samples are too few to learn from.</source>
      <translation>樣本只有 {count} 個，不足以學習。</translation>
    </message>
    <message>
      <source>{count} samples were left out, which this form cannot hold: {labels}.</source>
      <translation>有 {count} 個樣本因該格式無法儲存而略去：{labels}。</translation>
    </message>
    <message>
      <source>{count} were left out, whose labels are not one character: {labels}.</source>
      <translation>略去了 {count} 個標籤不是單一字元的樣本：{labels}。</translation>
    </message>
    <message>
      <source>{count} were there already.</source>
      <translation>其中 {count} 個已經存在。</translation>
    </message>
    <message>
      <source>{count} without a label were left out.</source>
      <translation>略去了 {count} 個沒有標籤的樣本。</translation>
    </message>
    <message>
      <source>{error} The other {count} samples are used.</source>
      <translation>{error} 其餘 {count} 個樣本照常使用。</translation>
    </message>
    <message>
      <source>{file} does not describe the teacher {name}.</source>
      <translation>{file} 沒有描述教師 {name}。</translation>
    </message>
    <message>
      <source>{given} is no direction.</source>
      <translation>{given} 不是方向。</translation>
    </message>
    <message>
      <source>{given} is no number of candidates.</source>
      <translation>{given} 不是候選的個數。</translation>
    </message>
    <message>
      <source>{id} answers otherwise here than where it was made, in floats too.</source>
      <translation>{id} 在此的結果與製作時不同，用浮點運算也一樣。</translation>
    </message>
    <message>
      <source>{id} does not hold the network that its manifest describes ({name}).</source>
      <translation>{id} 中的網路與清單的描述不符（{name}）。</translation>
    </message>
    <message>
      <source>{id} fails when it is asked.</source>
      <translation>{id} 試用時出錯。</translation>
    </message>
    <message>
      <source>{id} has no {model}.</source>
      <translation>{id} 缺少 {model}。</translation>
    </message>
    <message>
      <source>{id} is a model for the task {task}, not for {wanted}.</source>
      <translation>{id} 是用於任務 {task} 的模型，不是用於 {wanted} 的。</translation>
    </message>
    <message>
      <source>{name} already holds a run.</source>
      <translation>{name} 中已有一次訓練。</translation>
    </message>
    <message>
      <source>{name} cannot be loaded.</source>
      <translation>無法載入 {name}。</translation>
    </message>
    <message>
      <source>{name} cannot be read ({reason}).</source>
      <translation>無法讀取 {name}（{reason}）。</translation>
    </message>
    <message>
      <source>{name} cannot be read as text.</source>
      <translation>{name} 無法作為文字讀取。</translation>
    </message>
    <message>
      <source>{name} cannot be read.</source>
      <translation>無法讀取 {name}。</translation>
    </message>
    <message>
      <source>{name} cannot be the name of a model.</source>
      <translation>{name} 不能用作模型的名稱。</translation>
    </message>
    <message>
      <source>{name} describes too few characters of the alphabet.</source>
      <translation>{name} 描述的字元集中的字太少。</translation>
    </message>
    <message>
      <source>{name} does not exist.</source>
      <translation>{name} 不存在。</translation>
    </message>
    <message>
      <source>{name} does not name a run's lessons.</source>
      <translation>{name} 沒有寫明某次訓練所用的課程。</translation>
    </message>
    <message>
      <source>{name} does not say what was recognized: an earlier version wrote it, or nothing was read.</source>
      <translation>{name} 沒有記錄辨識結果：它由舊版本寫出，或什麼也沒有辨識。</translation>
    </message>
    <message>
      <source>{name} ends in no layer over its features.</source>
      <translation>{name} 的末端不是特徵之上的一層。</translation>
    </message>
    <message>
      <source>{name} exists already.</source>
      <translation>{name} 已經存在。</translation>
    </message>
    <message>
      <source>{name} has a point that is not numbers: “{point}”.</source>
      <translation>{name} 中有一個點不是數字：「{point}」。</translation>
    </message>
    <message>
      <source>{name} has a stroke of more than {limit} points.</source>
      <translation>{name} 中有一筆超過 {limit} 個點。</translation>
    </message>
    <message>
      <source>{name} has groups that lie too deep in each other, or refer to themselves.</source>
      <translation>{name} 中的群組巢狀過深，或參照了自身。</translation>
    </message>
    <message>
      <source>{name} has more than {limit} million pixels.</source>
      <translation>{name} 超過 {limit} 百萬像素。</translation>
    </message>
    <message>
      <source>{name} has more than {limit} tags.</source>
      <translation>{name} 的標記超過 {limit} 個。</translation>
    </message>
    <message>
      <source>{name} has no X and Y channels.</source>
      <translation>{name} 沒有 X 和 Y 通道。</translation>
    </message>
    <message>
      <source>{name} has no labeled samples.</source>
      <translation>{name} 中沒有帶標註的樣本。</translation>
    </message>
    <message>
      <source>{name} has no pages.</source>
      <translation>{name} 沒有頁面。</translation>
    </message>
    <message>
      <source>{name} has no readable {file}.</source>
      <translation>{name} 中沒有可讀的 {file}。</translation>
    </message>
    <message>
      <source>{name} has no samples of the characters that were asked for.</source>
      <translation>{name} 中沒有所要的字的樣本。</translation>
    </message>
    <message>
      <source>{name} has no strokes.</source>
      <translation>{name} 中沒有筆畫。</translation>
    </message>
    <message>
      <source>{name} holds lessons for another student: its alphabet or its input differ.</source>
      <translation>{name} 中的課程供別的學生網路使用：其字元集或輸入不同。</translation>
    </message>
    <message>
      <source>{name} holds lessons of other teachers, or for another student.</source>
      <translation>{name} 中的課程屬於別的教師，或供別的學生網路使用。</translation>
    </message>
    <message>
      <source>{name} holds more than one character; the first is shown.</source>
      <translation>{name} 中不止一個字，這裡顯示第一個。</translation>
    </message>
    <message>
      <source>{name} holds no character.</source>
      <translation>{name} 中沒有字。</translation>
    </message>
    <message>
      <source>{name} holds no files.</source>
      <translation>{name} 中沒有檔案。</translation>
    </message>
    <message>
      <source>{name} holds no image named by a character.</source>
      <translation>{name} 中沒有以字命名的圖片。</translation>
    </message>
    <message>
      <source>{name} holds no lessons yet.</source>
      <translation>{name} 中還沒有課程。</translation>
    </message>
    <message>
      <source>{name} holds what was made otherwise ({differences}).</source>
      <translation>{name} 中的內容是用別的設定做成的（{differences}）。</translation>
    </message>
    <message>
      <source>{name} holds {count} files, and no image that can be read.</source>
      <translation>{name} 含有 {count} 個檔案，但沒有可讀取的圖片。</translation>
    </message>
    <message>
      <source>{name} holds {count} files; one is expected.</source>
      <translation>{name} 中有 {count} 個檔案，應當只有一個。</translation>
    </message>
    <message>
      <source>{name} in {folder} does not hold the network that it describes.</source>
      <translation>{folder} 中的 {name} 與其所描述的網路不符。</translation>
    </message>
    <message>
      <source>{name} in {folder} is no character network.</source>
      <translation>{folder} 中的 {name} 不是單字網路。</translation>
    </message>
    <message>
      <source>{name} in {folder} is no checkpoint of this trainer, of another network or version, or damaged.</source>
      <translation>{folder} 中的 {name} 不是本訓練器的檢查點，或屬於別的網路或版本，或已損壞。</translation>
    </message>
    <message>
      <source>{name} is XML but not InkML.</source>
      <translation>{name} 是 XML，但不是 InkML。</translation>
    </message>
    <message>
      <source>{name} is a HEIC image, and its reader is not installed.</source>
      <translation>{name} 是 HEIC 圖片，其讀取元件尚未安裝。</translation>
    </message>
    <message>
      <source>{name} is a damaged PDF.</source>
      <translation>{name} 是已損壞的 PDF。</translation>
    </message>
    <message>
      <source>{name} is a damaged archive.</source>
      <translation>{name} 是已損壞的壓縮檔。</translation>
    </message>
    <message>
      <source>{name} is a folder.</source>
      <translation>{name} 是資料夾。</translation>
    </message>
    <message>
      <source>{name} is a model of another format ({format}).</source>
      <translation>{name} 是另一種格式（{format}）的模型。</translation>
    </message>
    <message>
      <source>{name} is an archive in an archive.</source>
      <translation>{name} 是壓縮檔中的壓縮檔。</translation>
    </message>
    <message>
      <source>{name} is an empty archive.</source>
      <translation>{name} 是空的壓縮檔。</translation>
    </message>
    <message>
      <source>{name} is another network.</source>
      <translation>{name} 是另一個網路。</translation>
    </message>
    <message>
      <source>{name} is cut off in record {number}.</source>
      <translation>{name} 在第 {number} 條記錄處被截斷。</translation>
    </message>
    <message>
      <source>{name} is damaged or cut off.</source>
      <translation>{name} 已損壞或被截斷。</translation>
    </message>
    <message>
      <source>{name} is damaged or unsafe XML.</source>
      <translation>{name} 是已損壞或不安全的 XML。</translation>
    </message>
    <message>
      <source>{name} is damaged, or packed in a way that cannot be read here.</source>
      <translation>{name} 已損壞，或其壓縮方式在此無法讀取。</translation>
    </message>
    <message>
      <source>{name} is damaged.</source>
      <translation>{name} 已損壞。</translation>
    </message>
    <message>
      <source>{name} is empty (0 bytes).</source>
      <translation>{name} 是空檔案（0 位元組）。</translation>
    </message>
    <message>
      <source>{name} is gone, or another file than when it was read.</source>
      <translation>{name} 已不在，或者與辨識時的檔案不同。</translation>
    </message>
    <message>
      <source>{name} is in an encoding that is not known, {encoding}.</source>
      <translation>{name} 使用了未知的編碼 {encoding}。</translation>
    </message>
    <message>
      <source>{name} is larger than {limit} MiB.</source>
      <translation>{name} 大於 {limit} MiB。</translation>
    </message>
    <message>
      <source>{name} is locked by a password.</source>
      <translation>{name} 設有密碼。</translation>
    </message>
    <message>
      <source>{name} is no alphabet of a teacher.</source>
      <translation>{name} 不是教師的字元集。</translation>
    </message>
    <message>
      <source>{name} is no bank of lessons.</source>
      <translation>{name} 不是課程庫。</translation>
    </message>
    <message>
      <source>{name} is no font.</source>
      <translation>{name} 不是字型。</translation>
    </message>
    <message>
      <source>{name} is no form of text.</source>
      <translation>{name} 不是可寫出的文字格式。</translation>
    </message>
    <message>
      <source>{name} is no kind of drawing.</source>
      <translation>{name} 不是圖形檔案的種類。</translation>
    </message>
    <message>
      <source>{name} is no language model.</source>
      <translation>{name} 不是語言模型。</translation>
    </message>
    <message>
      <source>{name} is no model.</source>
      <translation>{name} 不是模型。</translation>
    </message>
    <message>
      <source>{name} is no part of the alphabet.</source>
      <translation>{name} 不是字元範圍的名稱。</translation>
    </message>
    <message>
      <source>{name} is no replay bank.</source>
      <translation>{name} 不是回放庫。</translation>
    </message>
    <message>
      <source>{name} is not TOML: {reason}.</source>
      <translation>{name} 不是 TOML：{reason}。</translation>
    </message>
    <message>
      <source>{name} is not a folder.</source>
      <translation>{name} 不是資料夾。</translation>
    </message>
    <message>
      <source>{name} is not an image of a known kind.</source>
      <translation>{name} 不是已知格式的圖片。</translation>
    </message>
    <message>
      <source>{name} is not in the encoding {encoding}, as it should be.</source>
      <translation>{name} 的內容並非應有的 {encoding} 編碼。</translation>
    </message>
    <message>
      <source>{name} is of a kind that this installation cannot read ({kind}).</source>
      <translation>此安裝無法讀取 {name} 的格式（{kind}）。</translation>
    </message>
    <message>
      <source>{name} is of an unknown kind.</source>
      <translation>{name} 的類型未知。</translation>
    </message>
    <message>
      <source>{name} is packed in a way that cannot be read here ({method}).</source>
      <translation>{name} 的壓縮方式（{method}）在此無法讀取。</translation>
    </message>
    <message>
      <source>{name} is protected in a way that cannot be read here.</source>
      <translation>{name} 受到保護，在此無法讀取。</translation>
    </message>
    <message>
      <source>{name} may not be read.</source>
      <translation>沒有讀取 {name} 的權限。</translation>
    </message>
    <message>
      <source>{name} names no study ({study}).</source>
      <translation>{name} 中沒有可用的研究（{study}）。</translation>
    </message>
    <message>
      <source>{name} needs more memory than there is.</source>
      <translation>{name} 需要的記憶體超過了現有的記憶體。</translation>
    </message>
    <message>
      <source>{name} of {cell} does not say what was measured.</source>
      <translation>{cell} 的 {name} 沒有說明測量的是什麼。</translation>
    </message>
    <message>
      <source>{name} refers to a part of a stroke or group that is not there ({where}).</source>
      <translation>{name} 參照了不存在的筆畫或群組部分（{where}）。</translation>
    </message>
    <message>
      <source>{name} refers to “{reference}”, which it does not hold.</source>
      <translation>{name} 參照了「{reference}」，但檔案中沒有。</translation>
    </message>
    <message>
      <source>{name} shows more ink than can be read.</source>
      <translation>{name} 的筆跡多得無法讀取。</translation>
    </message>
    <message>
      <source>{name} shows no sheet that was printed here.</source>
      <translation>{name} 上沒有在這裡列印的字帖。</translation>
    </message>
    <message>
      <source>{name} takes no --fold, --load, --teacher or --seed.</source>
      <translation>{name} 不接受 --fold、--load、--teacher 或 --seed。</translation>
    </message>
    <message>
      <source>{name} turns its ink by a rule that is not understood ({kind}).</source>
      <translation>{name} 以無法理解的規則（{kind}）變換筆跡。</translation>
    </message>
    <message>
      <source>{name} unpacks to more than a replay bank can hold.</source>
      <translation>{name} 解壓縮後超過回放庫的容量。</translation>
    </message>
    <message>
      <source>{name} unpacks to more than {limit} GiB.</source>
      <translation>{name} 解壓縮後超過 {limit} GiB。</translation>
    </message>
    <message>
      <source>{name} unpacks to more than {limit} MiB.</source>
      <translation>{name} 解壓縮後超過 {limit} MiB。</translation>
    </message>
    <message>
      <source>{name} was changed by somebody else, or the picture that it holds is gone: it stays as it is.</source>
      <translation>{name} 已被他人修改，或其中的圖片已不存在：保持原樣。</translation>
    </message>
    <message>
      <source>{name}: record {number} states sizes that contradict each other.</source>
      <translation>{name}：第 {number} 條記錄的尺寸互相矛盾。</translation>
    </message>
    <message>
      <source>{path} cannot be written ({reason}).</source>
      <translation>無法寫入 {path}（{reason}）。</translation>
    </message>
    <message>
      <source>{path} does not exist.</source>
      <translation>{path} 不存在。</translation>
    </message>
    <message>
      <source>{path} is no file.</source>
      <translation>{path} 不是檔案。</translation>
    </message>
    <message>
      <source>{path} was written by a newer version of the application.</source>
      <translation>{path} 由更新版本的程式寫入。</translation>
    </message>
    <message>
      <source>{source}: {count} characters have too few samples for a test: {characters}</source>
      <translation>{source}：有 {count} 個字樣本太少，無法測試：{characters}</translation>
    </message>
    <message>
      <source>{top} candidates were asked for.</source>
      <translation>要求的候選數為 {top}。</translation>
    </message>
    <message>
      <source>{where} has no list of strokes.</source>
      <translation>{where} 沒有筆畫列表。</translation>
    </message>
    <message>
      <source>{where} has no strokes.</source>
      <translation>{where} 沒有筆畫。</translation>
    </message>
    <message>
      <source>{where} is not JSON.</source>
      <translation>{where} 不是 JSON。</translation>
    </message>
    <message>
      <source>{where}: `char` is not text.</source>
      <translation>{where}：`char` 不是文字。</translation>
    </message>
    <message>
      <source>{where}: {error}</source>
      <translation>{where}：{error}</translation>
    </message>
    <message>
      <source>“Import” in Samples takes them in.</source>
      <translation>可用「樣本」中的「匯入」來匯入它們。</translation>
    </message>
    <message>
      <source>“Read again” reads it.</source>
      <translation>點「重新辨識」即可辨識。</translation>
    </message>
    <message>
      <source>“Read” takes whole pages.</source>
      <translation>「閱讀」可以讀整頁。</translation>
    </message>
  </context>
</TS>
